import type { Alert } from "../../alerts/alert.ts";
import { FAILURE_CODES, type Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { idsOf, keyOf } from "../../audit/subject.ts";
import { isUnreadable, type Notice } from "./notice.ts";

/** What several rules have in common: subjects of which a message would say the same for each of them. */
export interface SharedSubjects {
  /** At least two, in the order of the alert's rules. */
  readonly ruleIds: readonly string[];
  /** One for each subject and kind, with the changes of all rules. */
  readonly notices: readonly Notice[];
  /** One for each subject and reason. */
  readonly alsoUnreadable: readonly Finding[];
}

/** The subjects that rules share, and what is left to say of each rule by itself. */
export interface Division {
  readonly shared: readonly SharedSubjects[];
  readonly notices: readonly Notice[];
  readonly alsoUnreadable: readonly Finding[];
}

/**
 * Finds regions and resources that several rules could not read for the same reason: rules about
 * resources share their lists, so one missing permission would be written once for each of them. Where a
 * message says of a subject what only one rule means, such as that it was open when last read, nothing is
 * shared.
 */
export function divideShared(
  { rules, openSince }: Pick<Alert, "rules" | "openSince">,
  notices: readonly Notice[],
  alsoUnreadable: readonly Finding[],
): Division {
  const isOpen = (finding: Finding): boolean => openSince?.has(keyOf(finding)) === true;
  const noticed = severalRules(notices.filter(canShareNotice), ({ kind, finding, changes }) => {
    const { reason, exemption } = finding;
    const code = isUnreadable({ kind }) ? reason.code : null;
    const since = changes[0]?.sinceMs ?? null;
    return JSON.stringify([subjectOf(finding), kind, code, exemption?.expires ?? null, since]);
  });
  const also = severalRules(
    alsoUnreadable.filter((finding) => isReadingFailure(finding) && !isOpen(finding)),
    (finding) => JSON.stringify([subjectOf(finding), finding.reason.code]),
  );
  const ruleIdsOf = (findings: readonly Finding[]): string[] => {
    const ids = new Set(findings.map(({ ruleId }) => ruleId));
    return rules.map(({ id }) => id).filter((id) => ids.has(id));
  };
  const groups = [
    ...noticed.map((group) => ({
      ruleIds: ruleIdsOf(group.map(({ finding }) => finding)),
      notices: joinNotices(group),
      alsoUnreadable: [],
    })),
    ...also.map((group) => ({
      ruleIds: ruleIdsOf(group),
      notices: [],
      alsoUnreadable: group.slice(0, 1),
    })),
  ];
  const takenNotices = new Set(noticed.flat());
  const takenFindings = new Set(also.flat());
  return {
    shared: [...groupBy(groups, ({ ruleIds }) => ruleIds.join()).values()].map((sameRules) => ({
      ruleIds: sameRules[0]?.ruleIds ?? [],
      notices: sameRules.flatMap((group) => group.notices),
      alsoUnreadable: sameRules.flatMap((group) => group.alsoUnreadable),
    })),
    notices: notices.filter((notice) => !takenNotices.has(notice)),
    alsoUnreadable: alsoUnreadable.filter((finding) => !takenFindings.has(finding)),
  };
}

/** Whether nothing that a message says of a notice depends on its rule. */
function canShareNotice({ kind, finding, changes, wasOpen }: Notice): boolean {
  return (
    wasOpen === null &&
    changes.every(({ condition }) => condition === "unreadable") &&
    (!isUnreadable({ kind }) || isReadingFailure(finding))
  );
}

/** Whether a subject could not be read, for a reason that every rule can have. */
function isReadingFailure({ reason }: Finding): boolean {
  return FAILURE_CODES.some((code) => code === reason.code);
}

/** The ids of a subject without that of its rule. */
function subjectOf(finding: Finding): readonly string[] {
  return idsOf(finding).slice(1);
}

/** The groups with a key in common, of more than one. */
function severalRules<T>(items: readonly T[], key: (item: T) => string): (readonly T[])[] {
  return [...groupBy(items, key).values()].filter(({ length }) => length > 1);
}

/** One notice with the changes of all. */
function joinNotices(notices: readonly Notice[]): Notice[] {
  return notices
    .slice(0, 1)
    .map((notice) => ({ ...notice, changes: notices.flatMap(({ changes }) => changes) }));
}
