import type { State } from "../../../../shared/alerts/alert-state.ts";
import type { Lease } from "../../../../shared/state/lease.ts";
import type { DocumentRead } from "../../../../shared/state/parse-document.ts";
import { ok, type Outcome, problem, warning } from "./outcome.ts";

/** What was read of a state. */
export interface StateReading {
  /** The state's address, as it may be shown. */
  readonly name: string;
  readonly found: DocumentRead;
  /** Whether there is a lease for the next run's lock. */
  readonly isLeased: boolean;
  /** What it says; null where that cannot be read. */
  readonly lease: Lease | null;
  readonly nowMs: number;
}

/** What a run would find where the state is. */
export function judgeState({ name, found, isLeased, lease, nowMs }: StateReading): Outcome {
  if (found.problem === "corrupt") {
    return problem("STATE_DAMAGED", `${name} cannot be read as a state.`, {
      fix: "Put a copy in its place. Otherwise the next run sets it aside, and repeats earlier notifications.",
    });
  }
  if (found.problem !== null) {
    return problem(
      "STATE_NEWER",
      `${name} is a state of version ${found.problem}, which a newer flowlog-guard wrote.`,
      { fix: "Update this program, or name another state." },
    );
  }
  const what = describeState(name, found.state);
  if (!isLeased) return ok(`${what}.`);
  if (lease === null) {
    return warning("STATE_LEASE_DAMAGED", `${what}. Its lock cannot be read.`, {
      fix: "Nothing: the next run takes the state over.",
    });
  }
  const { owner, expiresAtMs, lifetimeMs = 0 } = lease;
  const by = `run ${owner.slice(0, 8)}`;
  const since = timeOf(expiresAtMs - lifetimeMs);
  return nowMs < expiresAtMs
    ? warning(
        "STATE_LOCKED",
        `${what}. Locked by ${by} since ${since}, until ${timeOf(expiresAtMs)}.`,
        {
          fix: "Nothing while that run is under way: others wait.",
        },
      )
    : warning("STATE_LEASE_EXPIRED", `${what}. Locked by ${by} since ${since}, which died.`, {
        fix: "Nothing: the next run takes the state over. Its last notifications may be repeated.",
      });
}

function describeState(name: string, { accounts, entries, generation, receivers }: State): string {
  const seen = [
    ...Object.values(accounts).map(({ seenAtMs }) => seenAtMs),
    ...entries.map(({ seenAtMs }) => seenAtMs),
  ].reduce((latest, ms) => Math.max(latest, ms), 0);
  const isNew = seen === 0 && generation === 0 && Object.keys(receivers).length === 0;
  if (isNew) return `${name}, empty or not there yet`;
  const count = Object.keys(accounts).length;
  const of = count === 0 ? "" : `, of ${count === 1 ? "1 account" : `${count} accounts`}`;
  const last = seen === 0 ? "" : `, last run ${timeOf(seen)}`;
  return `${name}${last}${of}`;
}

function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "unknown" : date.toISOString().replace(/\.\d{3}Z$/, "Z");
}
