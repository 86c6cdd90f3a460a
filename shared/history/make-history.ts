import { compareIds } from "../audit/compare-ids.ts";
import { groupBy } from "../audit/group-by.ts";
import type { RuleSummary } from "../audit/rule-card.ts";
import { compareSubjects } from "../audit/subject.ts";
import { accountHistory } from "./account-history.ts";
import type {
  ControlHistory,
  History,
  HistoryWindow,
  SubjectHistory,
  UnusableRun,
} from "./history.ts";
import type { Cell, Ledger } from "./ledger.ts";
import { type SubjectDays, subjectDays } from "./subject-days.ts";
import type { SubjectTrack } from "./subject-track.ts";

/** A subject, and its days. */
interface DatedSubject {
  readonly history: SubjectHistory;
  readonly days: SubjectDays;
}

/**
 * Makes a history of all that the ledger has taken in.
 *
 * @param rules - in the order in which they are listed
 * @param unusable - the kept runs that are not in the ledger
 */
export function makeHistory(
  ledger: Ledger,
  rules: readonly RuleSummary[],
  window: HistoryWindow,
  unusable: readonly UnusableRun[],
): History {
  const unusableDays = new Set(unusable.map(({ day }) => day));
  const isUnusable = (slot: number): boolean => unusableDays.has(ledger.days[slot] ?? NaN);
  const days = { days: ledger.days, isUsed: (slot: number) => ledger.isUsed(slot) };
  const dated = [...ledger.cells].flatMap((cell) =>
    tracksOf(cell).map((track): DatedSubject => {
      const found = subjectDays(track, cell, days, window, isUnusable);
      return { history: subjectHistory(track, found), days: found };
    }),
  );
  const byRule = groupBy(dated, ({ history }) => history.ruleId);
  const listed = rules.filter(({ id }) => byRule.has(id));
  const accountNames = ledger.accountNames;
  const controls = listed.flatMap((rule): ControlHistory[] => {
    const byAccount = groupBy(byRule.get(rule.id) ?? [], ({ history }) => history.accountId);
    const accounts = [...byAccount]
      .toSorted(([a], [b]) => compareIds(a, b))
      .map(([id, all]) =>
        accountHistory(
          id,
          accountNames.get(id) ?? null,
          all.map(({ days: own }) => own),
          ledger.days,
        ),
      );
    const claimed = rule.controls.length === 0 ? [null] : rule.controls;
    return claimed.map((control) => ({ control, ruleId: rule.id, accounts }));
  });
  const subjects = listed.flatMap(({ id }) =>
    (byRule.get(id) ?? []).map(({ history }) => history).toSorted(inOrder),
  );
  return {
    window,
    runs: { ...ledger.runs, unusable },
    controls,
    subjects,
    accountNames,
    trail: null,
  };
}

/**
 * What is listed of a cell. That a region could not be read is part of the history of each of its resources,
 * so that the region itself is left out if nothing else was ever found of it.
 */
function tracksOf({ tracks }: Cell): SubjectTrack[] {
  const all = [...tracks.values()];
  if (all.length === 1) return all;
  return all.filter(({ subject, periods }) => subject.resource !== undefined || periods.length > 0);
}

function subjectHistory(track: SubjectTrack, { counts, gaps }: SubjectDays): SubjectHistory {
  const { subject, current, periods, unreadable } = track;
  const { ruleId, accountId, regionId, resource = null } = subject;
  return {
    ruleId,
    accountId,
    regionId,
    resource,
    ...current,
    lastKnown: periods.at(-1)?.status ?? null,
    firstObserved: periods[0]?.from ?? null,
    lastObserved: periods.at(-1)?.to ?? null,
    firstCompliant: track.firstCompliant,
    lastCompliant: track.lastCompliant,
    days: counts,
    gaps,
    periods,
    unreadable,
  };
}

/** A region as a whole comes after its resources. */
function inOrder(a: SubjectHistory, b: SubjectHistory): number {
  return compareSubjects(asSubject(a), asSubject(b));
}

function asSubject({ ruleId, accountId, regionId, resource }: SubjectHistory) {
  return { ruleId, accountId, regionId, ...(resource !== null && { resource }) };
}
