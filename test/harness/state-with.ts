import type { Entry, State } from "../../shared/alerts/alert-state.ts";

/** An entry of a region that is not compliant, which no receiver was notified of. */
export function entryOf(regionId: string): Entry {
  return {
    ruleId: "flow-log-service-activated",
    accountId: "1234567890123456",
    regionId,
    seenAtMs: Date.UTC(2026, 10, 22, 8),
    open: { sinceMs: Date.UTC(2026, 10, 21, 8), code: "NOT_ACTIVATED" },
    unreadable: null,
    notified: {},
  };
}

/** A state with an entry for each region. */
export function stateWith(regionIds: readonly string[], generation = 0): State {
  return { generation, entries: regionIds.map(entryOf), receivers: {}, accounts: {} };
}

/** The regions that a state has entries for. */
export function regionsIn({ entries }: State): string[] {
  return entries.map(({ regionId }) => regionId);
}
