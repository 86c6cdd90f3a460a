import type { Credentials } from "../../service/credentials.ts";

/**
 * Milliseconds for which temporary credentials are used again without asking. A role's session is renewed
 * seven minutes before it expires, or earlier, so none expires between two questions.
 */
const ASK_AGAIN_MS = 5 * 60_000;
/** Milliseconds until credentials are asked for again that could not be found. */
const RETRY_MS = 60_000;

/**
 * Returns a function with the current credentials of one run, which may outlive temporary ones: these are
 * found again now and then, and not each time, since a profile may have to start a program for it. Where
 * they cannot be found, the last ones are returned: they may still be valid.
 *
 * @param found - those that the run begins with
 * @param find - finds them again
 */
export function renewCredentials(
  found: Credentials,
  find: () => Promise<Credentials>,
  clock: () => Date,
): () => Promise<Credentials> {
  if (found.securityToken === undefined) return async () => found;
  let current = found;
  let askAgainAtMs = clock().getTime() + ASK_AGAIN_MS;
  let pending: Promise<Credentials> | undefined;
  const renew = async (): Promise<Credentials> => {
    try {
      current = await find();
      askAgainAtMs = clock().getTime() + ASK_AGAIN_MS;
    } catch {
      askAgainAtMs = clock().getTime() + RETRY_MS;
    } finally {
      pending = undefined;
    }
    return current;
  };
  return async () => {
    if (clock().getTime() < askAgainAtMs) return current;
    return (pending ??= renew());
  };
}
