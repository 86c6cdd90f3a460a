import { createHash } from "node:crypto";

import type { Alert, Change } from "../../alerts/alert.ts";
import { idsOf } from "../../audit/subject.ts";

/**
 * The key by which a receiver recognizes a repeat: the same changes of the same run at the same address
 * have the same key, however often the run is tried. The time at which a condition began is no part
 * of it, since a repeated run may find another time.
 *
 * @param number - of the message, from 1: it distinguishes messages without changes
 */
export function messageKey(
  { runId, kind }: Pick<Alert, "runId" | "kind">,
  url: string,
  covers: readonly Change[],
  number: number,
): string {
  const changes = covers.map(({ event, condition, finding }) =>
    [event, condition, ...idsOf(finding)].join("|"),
  );
  const unique = changes.length > 0 || number === 1 ? changes : [`part ${number}`];
  const text = JSON.stringify([runId, url, kind, ...unique]);
  return `msg_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
