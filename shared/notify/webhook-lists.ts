import type { Alert, Change } from "../alerts/alert.ts";
import { compareIds } from "../audit/compare-ids.ts";
import type { Finding } from "../audit/finding.ts";
import { groupBy } from "../audit/group-by.ts";
import { type RuleCard, SEVERITIES } from "../audit/rule-card.ts";
import { keyOf } from "../audit/subject.ts";
import { remedyOf } from "./message/remedy.ts";

/** Maximum number of regions that are named of the changes of one account. */
const MAX_REGIONS = 5;

/** The lists in the body of a webhook. */
export type ListName =
  | "changes"
  | "changesByAccount"
  | "findings"
  | "unreadable"
  | "endingExemptions";

/** One entry of one of the lists. */
export interface ListItem {
  readonly list: ListName;
  readonly entry: unknown;
  readonly covers: readonly Change[];
  /** How many changes or findings it stands for. */
  readonly count: number;
}

/** The entries of the lists, changes first. Without a state the findings are the changes. */
export function itemsOf(alert: Alert): ListItem[] {
  const { changes, remembered, findings } = alert;
  const changeOf = new Map(changes.map((change) => [keyOf(change.finding), change]));
  const isNotified = (finding: Finding): boolean =>
    alert.kind === "alert" && !remembered && !changeOf.has(keyOf(finding));
  return [
    ...(remembered ? changeItems(alert) : []),
    ...findings
      .filter((finding) => !isNotified(finding))
      .map((finding) => {
        const change = remembered ? undefined : changeOf.get(keyOf(finding));
        return itemOf("findings", finding, change === undefined ? [] : [change]);
      }),
    ...contextItems(alert),
  ];
}

/**
 * The entries of the lists, with the changes counted by account, rule and event: the most severe rule
 * first, then the account with the most.
 */
export function itemsByAccount(alert: Alert): ListItem[] {
  const { accountNames, findings, remembered } = alert;
  const severityOf = severityIn(alert);
  const groups = groupBy(alert.changes, ({ event, finding }) =>
    JSON.stringify([finding.accountId, finding.ruleId, event]),
  );
  const ordered = [...groups.values()].toSorted(
    (a, b) =>
      severityOf(a[0]) - severityOf(b[0]) ||
      b.length - a.length ||
      compareIds(a[0]?.finding.accountId ?? "", b[0]?.finding.accountId ?? ""),
  );
  const counted = ordered.flatMap((group): ListItem[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { event, finding } = first;
    const { ruleId, accountId } = finding;
    const regionIds = [...new Set(group.map((change) => change.finding.regionId))];
    const entry = {
      event,
      ruleId,
      ...accountIn(accountId, accountNames),
      count: group.length,
      regionIds: regionIds.slice(0, MAX_REGIONS),
    };
    return [{ list: "changesByAccount", entry, covers: group, count: group.length }];
  });
  return [
    ...counted,
    // Without a state they are the changes.
    ...(remembered ? findings : []).map((finding) => itemOf("findings", finding)),
    ...contextItems(alert),
  ];
}

function contextItems({ unreadable, endingExemptions }: Alert): ListItem[] {
  return [
    ...unreadable.map((finding) => itemOf("unreadable", finding)),
    ...endingExemptions.map((finding) => itemOf("endingExemptions", finding)),
  ];
}

/** The most severe rule first, since a message may have no room for the last changes. */
function changeItems(alert: Alert): ListItem[] {
  const { changes, accountNames } = alert;
  const cards = cardsIn(alert);
  const severityOf = severityIn(alert);
  const ordered = changes.toSorted((a, b) => severityOf(a) - severityOf(b));
  return ordered.map((change) => {
    const { event, finding, sinceMs } = change;
    const { ruleId, accountId, regionId, resource } = finding;
    const card = cards.get(ruleId);
    const entry = {
      event,
      ruleId,
      ...accountIn(accountId, accountNames),
      regionId,
      ...(resource !== undefined && { resource }),
      since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
      status: finding.status,
      code: finding.reason.code,
      ...(card && { console: remedyOf(card, finding).consoleUrl }),
    };
    return itemOf("changes", entry, [change]);
  });
}

function itemOf(list: ListName, entry: unknown, covers: readonly Change[] = []): ListItem {
  return { list, entry, covers, count: 1 };
}

/** An account as the lists name it. */
export function accountIn(
  accountId: string,
  names: Alert["accountNames"],
): { readonly accountId: string; readonly accountName?: string } {
  const accountName = names.get(accountId);
  return { accountId, ...(accountName !== undefined && { accountName }) };
}

function cardsIn({ rules }: Pick<Alert, "rules">): ReadonlyMap<string, RuleCard | null> {
  return new Map(rules.map(({ id, card }) => [id, card]));
}

/** Returns a function that ranks a change by its rule: the most severe first, unknown rules last. */
function severityIn(alert: Pick<Alert, "rules">): (change: Change | undefined) => number {
  const cards = cardsIn(alert);
  return (change) => {
    const card = cards.get(change?.finding.ruleId ?? "");
    return card ? SEVERITIES.indexOf(card.severity) : SEVERITIES.length;
  };
}
