import * as v from "valibot";

/** What the run that has the state leaves for the others to see. */
export interface Lease {
  /** Tells this run's lease from that of any other. */
  readonly owner: string;
  /** When it has the state no more, whatever became of it. */
  readonly expiresAtMs: number;
}

const StoredLease = v.object({
  owner: v.string(),
  expiresAt: v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse), v.finite()),
});

/** Writes a lease as text. */
export function serializeLease({ owner, expiresAtMs }: Lease): string {
  return `${JSON.stringify({ owner, expiresAt: new Date(expiresAtMs).toISOString() })}\n`;
}

/** Reads the text of a lease; null where it is none, so that nobody can be behind it. */
export function parseLease(text: string): Lease | null {
  try {
    const { owner, expiresAt } = v.parse(StoredLease, JSON.parse(text));
    return { owner, expiresAtMs: expiresAt };
  } catch {
    return null;
  }
}
