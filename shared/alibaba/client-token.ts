import { randomBytes } from "node:crypto";

/**
 * A ClientToken that no request had before, also when a run is repeated. It begins with the run's
 * id, by which an auditor finds the run's calls in ActionTrail.
 *
 * @param runId - ASCII, at most 47 characters, so that the token keeps the 64 it may have
 */
export function newClientToken(runId: string): string {
  return `${runId}-${randomBytes(12).toString("base64url")}`;
}
