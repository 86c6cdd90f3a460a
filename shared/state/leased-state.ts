import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";

import { StateError } from "../audit/run-error.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { type Lease, parseLease, serializeLease } from "./lease.ts";
import { LeasedLock, type LeasedLockOptions } from "./leased-lock.ts";
import { asideName, setAside } from "./set-aside.ts";
import { type DocumentRead, parseDocument } from "./state-document.ts";
import type { StateLock, StateStore, AcquireOptions } from "./state-store.ts";

/** How long a run has the state at most, unless it lets go or ends earlier. */
const LEASE_MS = 60_000;
/** How long a request may be on its way, and the rounding of the age of a lease. */
const GRACE_MS = 5_000;
const POLL_MS = 1_000;
const READ_TIMEOUT_MS = 15_000;
/** Each stands for a run that died between its taking the state and its first step with it. */
const MAX_DEAD_LEASES = 100;

/** Another run has the state. */
interface LockedByOther {
  /** Milliseconds, at most; less than 0 where its lease is over, and its last request may not be. */
  readonly leftMs: number;
}

export interface LeasedStateOptions {
  readonly blobs: BlobStore;
  /** The name of the text that holds the state; all other names begin with it. */
  readonly document: string;
  /** See {@link StateStore.name}. */
  readonly name: string;
  readonly clock: () => Date;
  /** Milliseconds that pass whatever becomes of the clock. @default those of the process */
  readonly monotonicMs?: () => number;
  /** Waits, or until the signal is aborted; never rejects. @default a timer */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds. @default 60_000 */
  readonly leaseMs?: number;
}

/**
 * A state that one run at a time has: whoever creates the lease, a text of its own, has the state
 * until it removes the lease or the lease expires. Needs no list of what is there.
 *
 * The lease's name holds a number: one more than the state's generation, which says that all
 * leases up to it are void. So all who come ask for the same name, and create-only writing lets one
 * of them in. It then reads the state again, for it may have read what the holder before it had yet
 * to change.
 *
 * Nobody removes or overwrites the lease of a run that died: two who both found it expired could
 * each remove the other's. They go on to the next number instead, where again one is let in. That
 * one writes the state with a generation that makes the dead leases void, and only then removes
 * them. Hence who is late, and creates a lease of a number that was removed meanwhile, finds when
 * it reads the state again that its number is void, and starts over. For the same reason a run that
 * outlived its own lease does not remove it.
 *
 * How old a lease is, the place that keeps it says by its own clock, so that the clocks of those who
 * run may be wrong by hours: neither do they take over from a run that is alive, nor wait for the
 * end of a dead one's day. A run that outlived its lease does not write either ({@link LeasedLock}),
 * and those who take over wait a little longer than it does, for requests are slow. Should one be
 * slower still, the changes of another run are lost, and at most told again.
 *
 * A run that died between saving and letting go costs the next one the wait for the expiry. A state
 * that was lost begins at generation 0: leases that lie around are taken as they are found, held or
 * dead.
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
      const trouble = this.#troubleWith(found);
      const warnings = trouble === null ? [] : [`${trouble} The next run will set it aside.`];
      return { state: found.state, warnings };
    } finally {
      budget.release();
    }
  }

  async acquire({ within, reserveMs }: AcquireOptions): Promise<StateLock> {
    const taking = startTimeBudget(within.remainingMs() - reserveMs, "TIMEOUT", within);
    try {
      for (;;) {
        const outcome = await this.#tryToTake(taking, within);
        if (outcome instanceof LeasedLock) return outcome;
        const delayMs = outcome === "again" ? 0 : POLL_MS;
        if (within.remainingMs() - delayMs <= reserveMs) throw this.#busy(outcome);
        if (delayMs > 0) await this.#options.sleep(delayMs, taking.signal);
      }
    } finally {
      taking.release();
    }
  }

  /**
   * @param taking - the part of `within` that the taking may use up
   * @returns how long another run has the state at most; `"again"` when what was read is outdated
   */
  async #tryToTake(
    taking: TimeBudget,
    within: TimeBudget,
  ): Promise<LeasedLock | LockedByOther | "again"> {
    const { blobs, document, leaseMs, monotonicMs } = this.#options;
    const owner = randomUUID();
    const beganMs = monotonicMs();
    const { state } = parseDocument(await blobs.read(document, taking));
    const dead: string[] = [];
    while (dead.length <= MAX_DEAD_LEASES) {
      const generation = state.generation + dead.length;
      const leaseName = `${document}.lease-${generation + 1}`;
      // A run that is over by then keeps nobody waiting, even if it died.
      const lifetimeMs = Math.round(Math.min(leaseMs, within.remainingMs()));
      const lease = { owner, lifetimeMs, expiresAtMs: this.#nowMs() + lifetimeMs };
      const entry = { leaseName, lease, beganMs, generation };
      if (await blobs.create(leaseName, serializeLease(lease), taking)) {
        return this.#enter(entry, dead, taking, within);
      }
      const found = await blobs.readAged(leaseName, taking);
      if (found === null) return "again";
      const other = parseLease(found.text);
      // It was created, and only the answer was lost.
      if (other?.owner === owner) return this.#enter(entry, dead, taking, within);
      const leftMs = other === null ? -Infinity : this.#lifetimeOf(other) - found.ageMs;
      if (leftMs > -GRACE_MS) return { leftMs };
      dead.push(leaseName);
    }
    throw new StateError(
      "UNAVAILABLE",
      `Too many runs died while they had the state ${this.name}. Remove what is named ${document}.lease-… beside it.`,
    );
  }

  /** With the lease created: makes sure that it counts, and the state fit to be worked with. */
  async #enter(
    entry: Pick<LeasedLockOptions, "leaseName" | "lease" | "beganMs" | "generation">,
    dead: readonly string[],
    taking: TimeBudget,
    within: TimeBudget,
  ): Promise<LeasedLock | "again"> {
    const { blobs, document, clock, monotonicMs } = this.#options;
    const { leaseName, generation } = entry;
    const lock = new LeasedLock({ ...entry, blobs, document, clock, monotonicMs, within });
    try {
      const text = await blobs.read(document, taking);
      const found = parseDocument(text);
      if (found.state.generation > generation) {
        await blobs.remove(leaseName, taking);
        return "again";
      }
      if (lock.expired) return "again";
      lock.state = found.state;
      const trouble = this.#troubleWith(found);
      if (text !== null && trouble !== null) {
        const aside = asideName(document, found.problem, clock());
        await setAside(blobs, aside, text, taking);
        lock.warnings.push(
          `${trouble} It was set aside as ${aside}, and this run begins with an empty one: what was told before may be told again.`,
        );
      }
      if (dead.length > 0 || trouble !== null) await lock.save(lock.state, taking);
      if (dead.length > 0) lock.warnings.push(await this.#removeDead(dead, taking));
      return lock;
    } catch (error) {
      await lock.release(taking);
      throw error;
    }
  }

  /** The leases are void by now: what cannot be removed does no harm. */
  async #removeDead(dead: readonly string[], within: TimeBudget): Promise<string> {
    const { blobs } = this.#options;
    const notified = `A run died while it had the state ${this.name}: what it told last may be told again.`;
    try {
      for (const leaseName of dead) await blobs.remove(leaseName, within);
      return notified;
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      return `${notified} Or it could not remove its lease, and neither can this one. ${error.message}`;
    }
  }

  #troubleWith({ problem }: DocumentRead): string | null {
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

  /** No lease is longer than they are made, whatever it says. */
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
