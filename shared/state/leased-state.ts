import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";

import { StateError } from "../audit/run-error.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { type Lease, parseLease, serializeLease } from "./lease.ts";
import { LeasedLock, type LeasedLockOptions } from "./leased-lock.ts";
import { type DocumentRead, parseDocument, readGeneration } from "./parse-document.ts";
import { asideName, setAside } from "./set-aside.ts";
import type { StateLock, StateStore, AcquireOptions } from "./state-store.ts";

/** The longest time that a run has the state locked. */
const LEASE_MS = 60_000;
/** For requests that are still on their way, and for the rounding of a lease's age. */
const GRACE_MS = 5_000;
const POLL_MS = 1_000;
const READ_TIMEOUT_MS = 15_000;
/** Each belongs to a run that died between creating its lease and its first write. */
const MAX_DEAD_LEASES = 100;

/** Another run has locked the state. */
interface LockedByOther {
  /** Milliseconds at most; below 0 where its lease has expired, and its last request may be on its way. */
  readonly leftMs: number;
}

export interface LeasedStateOptions {
  readonly blobs: BlobStore;
  /** The name of the blob of the state; all other names begin with it. */
  readonly document: string;
  /** See {@link StateStore.name}. */
  readonly name: string;
  readonly clock: () => Date;
  /** Milliseconds of a monotonic clock. @default that of the process */
  readonly monotonicMs?: () => number;
  /** Waits, or until the signal is aborted; never rejects. @default a timer */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds. @default 60_000 */
  readonly leaseMs?: number;
}

/**
 * A state that one run at a time can lock. The run that creates the lease, a separate blob, has the
 * lock until it removes the lease or the lease expires. Blobs are never listed.
 *
 * The lease's name ends in a number: one more than the state's generation, up to which all leases are
 * void. So all runs try to create the same name, and the store lets one of them succeed. That run reads
 * the state again, since the run before it may have changed it after the first reading.
 *
 * No run removes or overwrites the lease of a dead run: two runs that both found it expired could each
 * remove the other's new one. Instead they try the next number, where again one succeeds. That
 * run writes the state with a generation that makes the dead leases void, and only then removes them.
 * A late run that creates a lease of a removed number finds its number void when it reads the state
 * again, and starts over. For the same reason a run whose lease has expired does not remove it.
 *
 * The age of a lease is measured by the store's clock, so the clocks of the runs may be wrong by hours:
 * they neither take over from a run that is alive, nor wait for the end of a lease that is dated ahead.
 * A run whose lease has expired does not write ({@link LeasedLock}), and the run that takes over waits
 * a little longer, for requests that are on their way. If one is slower still, the changes of another
 * run are lost, and at most notified again.
 *
 * A run that died between saving and releasing makes the next one wait for the expiry. A state that was
 * lost begins at generation 0, with whatever leases there are, expired or not.
 */
export class LeasedState implements StateStore {
  readonly name: string;
  readonly #options: Required<LeasedStateOptions>;

  constructor(options: LeasedStateOptions) {
    this.name = options.name;
    this.#options = {
      sleep: sleepFor,
      leaseMs: LEASE_MS,
      monotonicMs: () => performance.now(),
      ...options,
    };
  }

  async read(): ReturnType<StateStore["read"]> {
    const { blobs, document } = this.#options;
    const budget = startTimeBudget(READ_TIMEOUT_MS, "TIMEOUT");
    try {
      const found = parseDocument(await blobs.read(document, budget));
      const problem = this.#describeProblem(found);
      const warnings = problem === null ? [] : [`${problem} The next run will set it aside.`];
      return { state: found.state, warnings };
    } finally {
      budget.release();
    }
  }

  async acquire({ within, reserveMs }: AcquireOptions): Promise<StateLock> {
    const acquiring = startTimeBudget(within.remainingMs() - reserveMs, "TIMEOUT", within);
    try {
      for (;;) {
        const outcome = await this.#tryToAcquire(acquiring, within);
        if (outcome instanceof LeasedLock) return outcome;
        const delayMs = outcome === "again" ? 0 : POLL_MS;
        if (within.remainingMs() - delayMs <= reserveMs) throw this.#busy(outcome);
        if (delayMs > 0) await this.#options.sleep(delayMs, acquiring.signal);
      }
    } finally {
      acquiring.release();
    }
  }

  /**
   * @param acquiring - the part of `within` for acquiring the lock
   * @returns the lock; how long another run has it at most; `"again"` when what was read is outdated
   */
  async #tryToAcquire(
    acquiring: TimeBudget,
    within: TimeBudget,
  ): Promise<LeasedLock | LockedByOther | "again"> {
    const { blobs, document, leaseMs, monotonicMs } = this.#options;
    const owner = randomUUID();
    const beganMs = monotonicMs();
    const current = readGeneration(await blobs.read(document, acquiring));
    const dead: string[] = [];
    while (dead.length <= MAX_DEAD_LEASES) {
      const generation = current + dead.length;
      const leaseName = `${document}.lease-${generation + 1}`;
      // A lease never outlasts the run's time, so a run that died keeps others waiting no longer.
      const lifetimeMs = Math.round(Math.min(leaseMs, within.remainingMs()));
      const lease = { owner, lifetimeMs, expiresAtMs: this.#nowMs() + lifetimeMs };
      const entry = { leaseName, lease, beganMs, generation };
      if (await blobs.create(leaseName, serializeLease(lease), acquiring)) {
        return this.#enter(entry, dead, acquiring, within);
      }
      const found = await blobs.readAged(leaseName, acquiring);
      if (found === null) return "again";
      const other = parseLease(found.text);
      // This run created it, and the answer was lost.
      if (other?.owner === owner) return this.#enter(entry, dead, acquiring, within);
      const leftMs = other === null ? -Infinity : this.#lifetimeOf(other) - found.ageMs;
      if (leftMs > -GRACE_MS) return { leftMs };
      dead.push(leaseName);
    }
    throw new StateError(
      "UNAVAILABLE",
      `Too many runs died while they had the state ${this.name}. Remove what is named ${document}.lease-… beside it.`,
    );
  }

  /** With the lease created: makes sure that it is not void, and that the state can be used. */
  async #enter(
    entry: Pick<LeasedLockOptions, "leaseName" | "lease" | "beganMs" | "generation">,
    dead: readonly string[],
    acquiring: TimeBudget,
    within: TimeBudget,
  ): Promise<LeasedLock | "again"> {
    const { blobs, document, clock, monotonicMs } = this.#options;
    const { leaseName, generation } = entry;
    const lock = new LeasedLock({ ...entry, blobs, document, clock, monotonicMs, within });
    try {
      const text = await blobs.read(document, acquiring);
      const found = parseDocument(text);
      if (found.state.generation > generation) {
        await blobs.remove(leaseName, acquiring);
        return "again";
      }
      if (lock.expired) return "again";
      lock.state = found.state;
      const problem = this.#describeProblem(found);
      if (text !== null && problem !== null) {
        const aside = asideName(document, found.problem, clock());
        await setAside(blobs, aside, text, acquiring);
        lock.warnings.push(
          `${problem} It was set aside as ${aside}, and this run begins with an empty one: earlier notifications may be repeated.`,
        );
      }
      if (dead.length > 0 || problem !== null) await lock.save(lock.state, acquiring);
      if (dead.length > 0) lock.warnings.push(await this.#removeDead(dead, acquiring));
      return lock;
    } catch (error) {
      await lock.release(acquiring);
      throw error;
    }
  }

  /** The leases are void: one that cannot be removed does no harm. */
  async #removeDead(dead: readonly string[], within: TimeBudget): Promise<string> {
    const { blobs } = this.#options;
    const died = `A run died while it had the state ${this.name}: its last notifications may be repeated.`;
    try {
      for (const leaseName of dead) await blobs.remove(leaseName, within);
      return died;
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      return `${died} Or it could not remove its lease, and neither can this one. ${error.message}`;
    }
  }

  #describeProblem({ problem }: DocumentRead): string | null {
    if (problem === null) return null;
    return problem === "corrupt"
      ? `The state ${this.name} cannot be read as one.`
      : `The state ${this.name} is one of version ${problem}, which a newer program wrote.`;
  }

  #busy(holder: LockedByOther | "again"): StateError {
    const until =
      holder === "again" ? "" : `, until ${isoTime(this.#nowMs() + holder.leftMs)} at most`;
    return new StateError(
      "BUSY",
      `Another run has the state ${this.name}${until}, and did not let go in time. Run again later.`,
    );
  }

  /** Limits the lifetime that a lease claims. */
  #lifetimeOf({ lifetimeMs }: Lease): number {
    const { leaseMs } = this.#options;
    return Math.min(lifetimeMs ?? leaseMs, leaseMs);
  }

  #nowMs(): number {
    return this.#options.clock().getTime();
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
