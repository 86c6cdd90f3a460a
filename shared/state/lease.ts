import * as v from "valibot";

/** What the run that has the state leaves for the others to see. */
export interface Lease {
  /** Tells this run's lease from that of any other. */
  readonly owner: string;
  /**
   * Milliseconds from the lease's creation after which it has the state no more, whatever became of
   * it; undefined of a lease that an older version left.
   */
  readonly lifetimeMs?: number | undefined;
  /** The same by the run's own clock: for people, and for older versions. */
  readonly expiresAtMs: number;
}

const StoredLease = v.object({
  owner: v.string(),
  lifetimeMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  expiresAt: v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse), v.finite()),
});

/** Writes a lease as text. */
export function serializeLease({ owner, lifetimeMs, expiresAtMs }: Lease): string {
  const expiresAt = new Date(expiresAtMs).toISOString();
  return `${JSON.stringify({ owner, lifetimeMs, expiresAt })}\n`;
}

/** Reads the text of a lease; null where it is none, so that nobody can be behind it. */
export function parseLease(text: string): Lease | null {
  try {
    const { owner, lifetimeMs, expiresAt } = v.parse(StoredLease, JSON.parse(text));
    return { owner, lifetimeMs, expiresAtMs: expiresAt };
  } catch {
    return null;
  }
}
