import type { Noun, RuleWords } from "../../../audit/rule-card.ts";
import { formatMinute } from "../minute.ts";
import { ACCOUNT, REGION } from "../subject-noun.ts";
import type { RuleCounts, RulePhrases, Words } from "../words.ts";

/** Labels that are the same for every rule. */
const LABELS = {
  unreadable: "cannot be read",
  stillUnreadable: "still cannot be read",
  readable: "can be read again",
  inapplicable: "no longer applicable",
  exempt: "exempt",
  unscoped: "no longer checked",
} as const;

export const EN: Words = {
  language: "en",

  phrasesOf,
  unknownRule: (ruleId) => ({
    topic: `rule ${ruleId}`,
    open: "not compliant",
    compliant: "compliant",
  }),
  counted,
  inAccounts,
  rules: (count) => `${count} rules`,
  moreRules: (count) => `and ${count} more ${count === 1 ? "rule" : "rules"}`,
  countsOf,
  summaryOf: (rules) => {
    const [first] = rules;
    const texts = rules.map((rule) => `${countsOf(rule)} · ${rule.own.topic}`);
    return `summary${first !== undefined && isCounted(first) ? " of " : ": "}${texts.join("; ")}`;
  },
  test: "test message",
  headlineSeparator: "; ",

  labels: LABELS,
  time: (timeMs) => `${formatMinute(timeMs)} UTC`,
  since: (time) => `since ${time}`,
  sinceFirst: (time) => `since ${time} or later`,
  hadBeenSince: (time) => `the problem began ${time}`,
  account: "account ",
  console: "Console",
  fix: "Fix",
  fixEachRegion: "Fix, for each id",
  fixEachResource: "Fix, for each region/id",
  reason: {
    EXEMPT: "an exemption holds",
    GONE: "no longer found in the region, or no longer used there",
  },
  whatToDo: ["What to do about ", ": "],

  notRead: "Could not be read",
  exemptionEnds: "exemption ends on ",
  exemptionOwner: ", owner: ",
  readOf: (read, total) => `read ${read} of ${counted(total, REGION)}`,
  bearsOn: {
    implements: (framework, ids) => `${framework} ${controls(ids)}`,
    precondition: (framework, ids) => `precondition of ${framework} ${controls(ids)}`,
  },
  stateFailed: (own) =>
    `The state cannot be read or written. Until it can, alerts may be repeated, and nobody is notified that ${own === null ? "a problem is over or that a region" : `a region is ${own.compliant} again or`} cannot be read.`,
  testNote: "Nothing has happened. Alerts will arrive here.",
  more: (count) => `and ${count} more`,
  moreInAccounts: (count, _noun, accounts) => inAccounts(`and ${count} more`, accounts),
  separator: ", ",
  comma: ", ",
  colon: ": ",
  brackets: [" (", ")"],
  showsAnyLocalName: false,
};

function phrasesOf({ topic, open, compliant, clauses }: RuleWords): RulePhrases {
  const { isOpen, isStillOpen, wasOpen, isCompliant } = clauses ?? {
    isOpen: open,
    isStillOpen: `still ${open}`,
    wasOpen: open,
    isCompliant: `now ${compliant}`,
  };
  return {
    topic,
    labels: {
      ...LABELS,
      opened: open,
      stillOpen: `still ${open}`,
      resolved: `resolved, now ${compliant}`,
    },
    alsoOpen: `still ${open} (already notified)`,
    open,
    isOpen,
    isStillOpen,
    isOpenForAnotherReason: `${isOpen}, now for another reason`,
    isResolved: `resolved, ${isCompliant}`,
    isExempted: {
      open: `${isOpen}, exempt until `,
      unreadable: `${LABELS.unreadable}, exempt until `,
    },
    isUnscoped: {
      open: `${wasOpen} when last read`,
      unreadable: "could not be read last time",
    },
    wasOpenWhenLastRead: `could not be read this time, and was ${open} when last read`,
    wasOpen: (time) => `When last read, it was ${open}${time === null ? "." : ` (since ${time}).`}`,
    wasOpenMark: `${open} when last read`,
  };
}

function countsOf(rule: RuleCounts): string {
  const { own, noun, subjects, accounts, open, unreadable, unreadableRegions, compliant, exempt } =
    rule;
  if (!rule.isEvaluated) return "nothing was checked";
  const counts = [
    ...(open > 0 ? [`${open} ${own.open}`] : []),
    ...(unreadable > 0 ? [`${unreadable} ${LABELS.unreadable}`] : []),
    ...(unreadableRegions > 0
      ? [`${counted(unreadableRegions, REGION)} ${LABELS.unreadable}`]
      : []),
    ...(compliant > 0 ? [`${compliant} ${own.compliant}`] : []),
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
  ];
  return [
    ...(isCounted(rule)
      ? [accounts > 1 ? inAccounts(counted(subjects, noun), accounts) : counted(subjects, noun)]
      : []),
    ...(counts.length > 0 ? [counts.join(", ")] : []),
  ].join(": ");
}

/** Whether the number of subjects is known; 0 would be wrong where no region could be read. */
function isCounted({ isEvaluated, subjects, unreadableRegions }: RuleCounts): boolean {
  return isEvaluated && (subjects > 0 || unreadableRegions === 0);
}

function counted(count: number, { en }: Noun): string {
  return `${count} ${count === 1 ? en.one : en.other}`;
}

function inAccounts(subjects: string, accounts: number): string {
  return `${subjects} in ${counted(accounts, ACCOUNT)}`;
}

function controls(ids: readonly string[]): string {
  return `${ids.length === 1 ? "control" : "controls"} ${new Intl.ListFormat("en").format(ids)}`;
}
