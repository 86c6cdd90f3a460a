import { accountOf } from "../alerts/alert-state.ts";
import { StateError } from "../audit/run-error.ts";
import type { StateStore } from "../state/state-store.ts";

/**
 * Returns the account to assume where STS did not identify it: the one that the state belongs to; null
 * where there is no state, it cannot be read, or does not belong to exactly one account.
 */
export async function assumeAccount(store: StateStore | null): Promise<string | null> {
  if (store === null) return null;
  try {
    return accountOf((await store.read()).state);
  } catch (error) {
    // Raising the alert fails in the same way, and warns.
    if (error instanceof StateError) return null;
    throw error;
  }
}
