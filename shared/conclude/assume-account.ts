import { StateError } from "../audit/run-error.ts";
import { accountOf } from "../alerts/alert-state.ts";
import type { StateStore } from "../state/state-store.ts";

/**
 * The account that a run is taken to be of where STS did not say it: the one that its state is of.
 *
 * @returns null where there is no state, it cannot be read, or is not of exactly one account
 */
export async function assumeAccount(store: StateStore | null): Promise<string | null> {
  if (store === null) return null;
  try {
    return accountOf((await store.read()).state);
  } catch (error) {
    // The alert will find the same, and warn of it.
    if (error instanceof StateError) return null;
    throw error;
  }
}
