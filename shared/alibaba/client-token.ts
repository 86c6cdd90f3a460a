import { randomUUID } from "node:crypto";

/** Hexadecimal; of a UUID's last ones all but two bits are random. */
const RANDOM_DIGITS = 16;

/**
 * A ClientToken that no request had before, also when a run is repeated. It begins with the run's
 * id, by which an auditor finds the run's calls in ActionTrail.
 *
 * @param runId - ASCII, at most 47 characters, so that the token keeps the 64 it may have
 */
export function newClientToken(runId: string): string {
  return `${runId}-${randomUUID()
    .slice(-RANDOM_DIGITS - 1)
    .replace("-", "")}`;
}
