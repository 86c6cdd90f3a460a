import * as v from "valibot";

/** The lease of the run that has locked the state, as other runs read it. */
export interface Lease {
  /** Unique to the run. */
  readonly owner: string;
  /**
   * Milliseconds from the lease's creation until it expires; undefined in a lease of an older version.
   */
  readonly lifetimeMs?: number | undefined;
  /** Its end by the run's own clock: for people, and for older versions. */
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

/** Reads the text of a lease; null where it is invalid, so that no run can own it. */
export function parseLease(text: string): Lease | null {
  try {
    const { owner, lifetimeMs, expiresAt } = v.parse(StoredLease, JSON.parse(text));
    return { owner, lifetimeMs, expiresAtMs: expiresAt };
  } catch {
    return null;
  }
}
