/** The retention policy of a bucket. */
export interface BucketWorm {
  /** Whether it is in force for good; a policy that is in progress lapses after 24 hours. */
  readonly isLocked: boolean;
  /** From 1 to 25,550. */
  readonly days: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/**
 * Checks a retention policy as the service writes it.
 *
 * @returns null for anything else
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketworm
 */
export function parseWorm({
  state,
  days,
  creationDate,
}: {
  readonly state?: unknown;
  readonly days?: unknown;
  readonly creationDate?: unknown;
}): BucketWorm | null {
  const isState = state === "Locked" || state === "InProgress";
  if (!isState || !/^[1-9]\d{0,5}$/.test(String(days))) return null;
  const createdAt = timeOf(String(creationDate));
  return createdAt === null
    ? null
    : { isLocked: state === "Locked", days: Number(days), createdAt };
}

/** The service writes times in UTC, of which some lack the Z. */
function timeOf(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z?$/.test(text)) return null;
  const ms = Date.parse(text.endsWith("Z") ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
