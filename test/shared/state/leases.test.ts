import * as fc from "fast-check";
import { expect, test } from "vitest";

import { StateError } from "../../../shared/audit/run-error.ts";
import type { LeasedLock } from "../../../shared/state/leased-lock.ts";
import { LeasedState } from "../../../shared/state/leased-state.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import type { BlobStore } from "../../../shared/storage/blob-store.ts";
import { regionsIn, stateWith } from "../../harness/state-with.ts";
import { virtualTime, type VirtualTime } from "../../harness/virtual-time.ts";

/** Maximum duration of a request, which runs that take over allow for. */
const MAX_DELAY_MS = 5_000;

/**
 * Texts in memory, each call of which is executed and answered when the scheduler decides, in
 * any order.
 */
function scheduledBlobs(
  scheduler: fc.Scheduler,
  { clock }: VirtualTime,
): BlobStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  const createdAtMs = new Map<string, number>();
  const whenever = async <T>(what: string, act: () => T): Promise<T> => {
    const askedAtMs = clock().getTime();
    await scheduler.schedule(Promise.resolve(), what);
    if (clock().getTime() - askedAtMs > MAX_DELAY_MS) {
      throw new StateError("UNAVAILABLE", `${what} came too late`);
    }
    const result = act();
    await scheduler.schedule(Promise.resolve(), `answer to ${what}`);
    return result;
  };
  return {
    texts,
    read: async (name) => whenever(`read ${name}`, () => texts.get(name) ?? null),
    readAged: async (name) =>
      whenever(`read ${name}`, () => {
        const text = texts.get(name);
        const ageMs = clock().getTime() - (createdAtMs.get(name) ?? 0);
        return text === undefined ? null : { text, ageMs };
      }),
    write: async (name, text) => whenever(`write ${name}`, () => void texts.set(name, text)),
    create: async (name, text) =>
      whenever(`create ${name}`, () => {
        if (texts.has(name)) return false;
        texts.set(name, text);
        createdAtMs.set(name, clock().getTime());
        return true;
      }),
    remove: async (name) => whenever(`remove ${name}`, () => void texts.delete(name)),
  };
}

/** How far the clocks of runs are off, in milliseconds. */
const SKEW = fc.integer({ min: -7_200_000, max: 7_200_000 });

/** Runs that share texts and the time, which only waits advance. */
function blobsOf(scheduler: fc.Scheduler, waitMs: number) {
  const time = virtualTime();
  const blobs = scheduledBlobs(scheduler, time);
  const storeAt = (skewMs: number) =>
    new LeasedState({
      blobs,
      document: "state.json",
      name: "the texts",
      clock: () => new Date(time.clock().getTime() + skewMs),
      monotonicMs: () => time.clock().getTime(),
      leaseMs: 8_000,
      sleep: async () => {
        await scheduler.schedule(Promise.resolve(), "wait");
        time.advance(waitMs);
      },
    });
  const within = { ...time.budget(0), remainingMs: () => 3_600_000 };
  return { blobs, acquire: (skewMs: number) => storeAt(skewMs).acquire({ within, reserveMs: 0 }) };
}

test("two to five concurrent runs: one has the lock at a time, each in turn, no change is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), SKEW), { minLength: 2, maxLength: 5 }),
      async (scheduler, runs) => {
        const { blobs, acquire } = blobsOf(scheduler, 0);
        let owners = 0;
        const running = runs.map(async ([saves, skewMs], index) => {
          const lock = await acquire(skewMs);
          owners += 1;
          expect(owners).toBe(1);
          const regions = regionsIn(lock.state);
          for (let save = 0; save < saves; save += 1) {
            regions.push(`cn-t${index}s${save}`);
            await lock.save(stateWith(regions));
          }
          owners -= 1;
          await lock.release();
        });
        await scheduler.waitFor(Promise.all(running));
        const { state } = parseDocument(blobs.texts.get("state.json") ?? null);
        const expected = runs.flatMap(([saves], index) =>
          Array.from({ length: saves }, (_, save) => `cn-t${index}s${save}`),
        );
        expect(regionsIn(state).toSorted()).toEqual(expected);
        expect([...blobs.texts.keys()].filter((name) => name !== "state.json")).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});

test("runs that die, or are slower than their lease: nothing that was saved is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(
        fc.record({
          saves: fc.integer({ min: 0, max: 3 }),
          end: fc.constantFrom("release", "die", "dawdle"),
          skewMs: SKEW,
        }),
        { minLength: 2, maxLength: 5 },
      ),
      async (scheduler, runs) => {
        const { blobs, acquire } = blobsOf(scheduler, 1_000);
        const saved: string[] = [];
        const left = new Set<LeasedLock>();
        const running = runs.map(async ({ saves, end, skewMs }, index) => {
          try {
            const lock = (await acquire(skewMs)) as LeasedLock;
            // A run that did not release the lock can no longer write.
            for (const other of left) expect(other.expired).toBe(true);
            left.add(lock);
            const regions = regionsIn(lock.state);
            for (let save = 0; save < saves; save += 1) {
              const regionId = `cn-t${index}s${save}`;
              regions.push(regionId);
              if (end === "dawdle") await scheduler.schedule(Promise.resolve(), "dawdle");
              await lock.save(stateWith(regions));
              saved.push(regionId);
            }
            if (end === "die") return;
            left.delete(lock);
            await lock.release();
          } catch (error) {
            // A run that is too late throws, and has changed nothing.
            if (!(error instanceof StateError)) throw error;
          }
        });
        await scheduler.waitFor(Promise.all(running));
        const { state, problem } = parseDocument(blobs.texts.get("state.json") ?? null);
        expect(problem).toBeNull();
        expect(regionsIn(state)).toEqual(expect.arrayContaining(saved));
      },
    ),
    { numRuns: 300 },
  );
});
