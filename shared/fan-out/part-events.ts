import type { AccountScope, ScopedAccount } from "../audit/account-scope.ts";
import { compareIds } from "../audit/compare-ids.ts";
import { isRegionId } from "../audit/scope.ts";
import type { RuleId } from "../rules/rule-ids.ts";
import type { PartEvent } from "./part.ts";

/** What all parts of a run have in common. */
export interface PartedRun {
  readonly runId: string;
  readonly rules: readonly RuleId[];
  /** See `AccountScope`. */
  readonly listed: AccountScope["listed"];
}

/**
 * The event for one part of a run. Regions that all accounts of the part share are named once.
 *
 * @param accounts - of the part, sorted by id
 * @param place - its index, from 0, the number of parts, and the milliseconds that it may take
 */
export function partEventOf(
  accounts: readonly ScopedAccount[],
  { runId, rules, listed }: PartedRun,
  place: { readonly index: number; readonly count: number; readonly deadlineMs: number },
): PartEvent {
  const regions = [...new Set(accounts.flatMap(({ regionIds }) => regionIds))].toSorted(compareIds);
  const others = accounts.filter(({ regionIds }) => regionIds.length < regions.length);
  return {
    part: {
      runId,
      ...place,
      listed: [...listed].filter(isRegionId).toSorted(compareIds),
      regionsOf: Object.fromEntries(others.map(({ id, regionIds }) => [id, regionIds])),
    },
    accounts: accounts.map(({ id }) => id),
    regions,
    rules,
  };
}

/** The regions of each account of a part, by the account's id; undefined where the event names none. */
export function regionsByAccount({
  part,
  accounts,
  regions,
}: PartEvent): ReadonlyMap<string, readonly string[] | undefined> {
  const own = new Map(Object.entries(part.regionsOf));
  return new Map(accounts.map((id) => [id, own.get(id) ?? regions]));
}
