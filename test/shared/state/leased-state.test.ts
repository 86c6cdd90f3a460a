import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { EMPTY_STATE } from "../../../shared/alerts/alert-state.ts";
import { parseLease, serializeLease } from "../../../shared/state/lease.ts";
import { LeasedState } from "../../../shared/state/leased-state.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import { serializeDocument } from "../../../shared/state/serialize-document.ts";
import type { AgedText, BlobStore } from "../../../shared/storage/blob-store.ts";
import { FileBlobs } from "../../../shared/storage/file-blobs.ts";
import { OssBlobs } from "../../../shared/storage/oss-blobs.ts";
import { startOss } from "../../emulator/oss.ts";
import { DIRECT } from "../../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../../harness/emulated-bucket.ts";
import { regionsIn, stateWith } from "../../harness/state-with.ts";
import { virtualTime } from "../../harness/virtual-time.ts";

/** Blobs, with direct access to their texts. */
interface Place extends AsyncDisposable {
  readonly blobs: BlobStore;
  names(): Promise<string[]>;
  text(name: string): Promise<string>;
  put(name: string, text: string): Promise<void>;
}

/** A folder whose file times follow the test's clock. */
class ClockedFiles extends FileBlobs {
  readonly #createdAtMs = new Map<string, number>();
  readonly #clock: () => Date;

  constructor(path: string, clock: () => Date) {
    super(path);
    this.#clock = clock;
  }

  override async create(name: string, text: string): Promise<boolean> {
    const created = await super.create(name, text);
    if (created) this.note(name);
    return created;
  }

  override async readAged(name: string): Promise<AgedText | null> {
    const found = await super.readAged(name);
    const nowMs = this.#clock().getTime();
    return found && { ...found, ageMs: nowMs - (this.#createdAtMs.get(name) ?? nowMs) };
  }

  note(name: string): void {
    this.#createdAtMs.set(name, this.#clock().getTime());
  }
}

async function folder(clock: () => Date): Promise<Place> {
  const path = await mkdtemp(join(tmpdir(), "flowlog-guard-state-"));
  const blobs = new ClockedFiles(path, clock);
  return {
    blobs,
    names: async () => (await readdir(path)).toSorted(),
    text: async (name) => readFile(join(path, name), "utf8"),
    put: async (name, text) => {
      blobs.note(name);
      await writeFile(join(path, name), text);
    },
    [Symbol.asyncDispose]: async () => rm(path, { recursive: true }),
  };
}

async function bucket(clock: () => Date, seed: { missing?: 403 } = {}): Promise<Place> {
  const oss = await startOss({ ...OSS_SEED, ...seed, clock });
  return {
    blobs: new OssBlobs({
      transport: DIRECT,
      bucket: OSS_SEED.bucket,
      prefix: "guard/",
      regionId: "cn-hangzhou",
      endpoint: emulatorEndpoint(oss),
      credentials: OSS_SEED.key,
    }),
    names: async () => [...oss.objects.keys()].map((key) => key.slice("guard/".length)).toSorted(),
    text: async (name) => String(oss.objects.get(`guard/${name}`)),
    put: async (name, text) => oss.put(`guard/${name}`, text),
    [Symbol.asyncDispose]: async () => oss.stop(),
  };
}

const PLACES: readonly (readonly [string, (clock: () => Date) => Promise<Place>])[] = [
  ["in a file", folder],
  ["in OSS", bucket],
  ["in OSS, where what is missing is denied", (clock) => bucket(clock, { missing: 403 })],
];

describe.each(PLACES)("a state %s", (_where, open) => {
  async function start() {
    const time = virtualTime();
    const place = await open(time.clock);
    const storeAt = (skewMs: number) =>
      new LeasedState({
        blobs: place.blobs,
        document: "state.json",
        name: "the place",
        clock: () => new Date(time.clock().getTime() + skewMs),
        monotonicMs: () => time.clock().getTime(),
        sleep: time.sleep,
      });
    const store = storeAt(0);
    const acquire = (budgetMs = 30_000, skewMs = 0) =>
      storeAt(skewMs).acquire({ within: time.budget(budgetMs), reserveMs: 10_000 });
    const end = async () => place[Symbol.asyncDispose]();
    return { place, time, store, acquire, [Symbol.asyncDispose]: end };
  }

  test("is empty at first, and then as it was saved last", async () => {
    await using world = await start();
    const { place, store, acquire } = world;
    expect(await store.read()).toEqual({ state: EMPTY_STATE, warnings: [] });
    const first = await acquire();
    expect(first).toMatchObject({ state: EMPTY_STATE, warnings: [] });
    await Promise.all([
      first.save(stateWith(["cn-a"])),
      first.save(stateWith(["cn-a", "cn-b"])),
      first.save(stateWith(["cn-b", "cn-c"])),
    ]);
    await first.release();
    const second = await acquire();
    expect(regionsIn(second.state)).toEqual(["cn-b", "cn-c"]);
    expect(await store.read()).toEqual({ state: second.state, warnings: [] });
    await second.release();
    expect(await place.names()).toEqual(["state.json"]);
  });

  test("is locked by one run at a time; the other waits, and fails in time", async () => {
    await using world = await start();
    const { acquire, time } = world;
    const lock = await acquire(120_000);
    const startedAt = time.clock().getTime();
    await expect(acquire(18_500)).rejects.toMatchObject({
      name: "StateError",
      code: "BUSY",
      message:
        "Another run has the state the place, until 2026-11-22T08:01:00.000Z at most, and did not let go in time. Run again later.",
    });
    expect(time.clock().getTime() - startedAt).toBe(8_000);
    await lock.release();
    await (await acquire()).release();
  });

  test("is taken over from a run that died, once its lease has expired", async () => {
    await using world = await start();
    const { place, acquire, time } = world;
    await (await acquire(120_000)).save(stateWith(["cn-a"]));
    time.advance(45_000);
    await expect(acquire()).rejects.toMatchObject({ code: "BUSY" });
    const after = await acquire(60_000);
    expect(regionsIn(after.state)).toEqual(["cn-a"]);
    expect(after.warnings).toEqual([
      "A run died while it had the state the place: its last notifications may be repeated.",
    ]);
    await after.release();
    expect(await place.names()).toEqual(["state.json"]);
    const next = await acquire();
    expect(next.warnings).toEqual([]);
    await next.release();
  });

  describe.each([-7_200_000, -60_000, -6_000, 6_000, 3_000_000, 7_200_000])(
    "with a clock that is %i ms off",
    (skewMs) => {
      test("waits for the run that holds the lock, at most until its lease ends", async () => {
        await using world = await start();
        const { acquire, time } = world;
        const owner = await acquire(120_000, skewMs);
        time.advance(45_000);
        await expect(acquire(20_000)).rejects.toMatchObject({ code: "BUSY" });
        await owner.save(stateWith(["cn-a"]));
        const diedAtMs = time.clock().getTime();
        const after = await acquire(60_000);
        expect(time.clock().getTime() - diedAtMs).toBeLessThanOrEqual(11_000);
        await expect(owner.save(stateWith(["cn-b"]))).rejects.toMatchObject({
          code: "UNAVAILABLE",
        });
        expect(regionsIn(after.state)).toEqual(["cn-a"]);
        await after.release();
      });

      test("waits for another run at least until its lease ends", async () => {
        await using world = await start();
        const { acquire, time } = world;
        await (await acquire(120_000)).save(stateWith(["cn-a"]));
        time.advance(35_000);
        await expect(acquire(30_000, skewMs)).rejects.toMatchObject({ code: "BUSY" });
        await (await acquire(60_000, skewMs)).release();
      });
    },
  );

  test.each([
    ["the year 2062", 60_000],
    ["the year 2062, and a life of years", 1e12],
    ["the year 2062, as older versions wrote it", undefined],
  ])("is available again after a minute where a lease has %s", async (_what, lifetimeMs) => {
    await using world = await start();
    const { place, acquire, time } = world;
    const expiresAtMs = Date.UTC(2062, 1, 1);
    const lease = serializeLease({ owner: "ahead", lifetimeMs, expiresAtMs });
    await place.put("state.json.lease-1", lease);
    await expect(acquire()).rejects.toMatchObject({ code: "BUSY" });
    time.advance(46_000);
    await (await acquire()).release();
    expect(await place.names()).toEqual(["state.json"]);
  });

  test("is not locked for longer by a run whose clock is set back", async () => {
    await using world = await start();
    const { place, time } = world;
    let skewMs = 0;
    const store = new LeasedState({
      blobs: place.blobs,
      document: "state.json",
      name: "the place",
      clock: () => new Date(time.clock().getTime() + skewMs),
      monotonicMs: () => time.clock().getTime(),
    });
    const lock = await store.acquire({ within: time.budget(120_000), reserveMs: 0 });
    skewMs = -3_600_000;
    time.advance(59_000);
    await lock.save(stateWith(["cn-a"]));
    time.advance(2_000);
    await expect(lock.save(stateWith(["cn-b"]))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("is locked no longer than the time that the run has", async () => {
    await using world = await start();
    const { acquire, time } = world;
    await acquire(15_000);
    time.advance(12_000);
    const after = await acquire(20_000);
    expect(time.clock().getTime()).toBe(Date.UTC(2026, 10, 22, 8, 0, 20));
    await after.release();
  });

  test("is neither written nor released by a run whose lease has expired", async () => {
    await using world = await start();
    const { place, acquire, time } = world;
    const late = await acquire();
    time.advance(65_000);
    await late.release();
    expect(await place.names()).toEqual(["state.json.lease-1"]);
    const lock = await acquire();
    await expect(late.save(stateWith(["cn-old"]))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("has the state no more"),
    });
    await late.release();
    await lock.save(stateWith(["cn-new"]));
    await expect(acquire(12_000)).rejects.toMatchObject({ code: "BUSY" });
    await lock.release();
    await expect(lock.save(stateWith(["cn-late"]))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await lock.release();
    expect(regionsIn(parseDocument(await place.text("state.json")).state)).toEqual(["cn-new"]);
  });

  test("begins empty where it was lost and leases are left", async () => {
    await using world = await start();
    const { place, acquire, time } = world;
    const lease = (ms: number) =>
      serializeLease({ owner: "gone", expiresAtMs: time.clock().getTime() + ms });
    await place.put("state.json.lease-1", lease(-3_600_000));
    await place.put("state.json.lease-2", "no lease");
    await place.put("state.json.lease-3", lease(-3_600_000));
    time.advance(66_000);
    const lock = await acquire();
    expect(await place.names()).toEqual(["state.json", "state.json.lease-4"]);
    await lock.save(stateWith(["cn-a"]));
    await lock.release();
    // A lease with a void number has no effect.
    await place.put("state.json.lease-2", lease(60_000));
    expect(regionsIn((await acquire()).state)).toEqual(["cn-a"]);
  });

  test.each([
    ["corrupt", '{"schemaVersion":1,"generation":4,"ent', "cannot be read as one", 0],
    ["corrupt", '{"generation":4}', "cannot be read as one", 4],
    [
      "v6",
      '{"schemaVersion":6,"generation":4}',
      "is one of version 6, which a newer program wrote",
      4,
    ],
  ])(
    "that is invalid (%s, %s) is set aside before it is overwritten",
    async (kind, text, problem, generation) => {
      await using world = await start();
      const { place, store, acquire } = world;
      await place.put("state.json", text);
      expect(await store.read()).toEqual({
        state: { ...EMPTY_STATE, generation },
        warnings: [`The state the place ${problem}. The next run will set it aside.`],
      });
      expect(await place.names()).toEqual(["state.json"]);

      const lock = await acquire();
      const aside = `state.json.${kind}-2026-11-22T08-00-00.000Z`;
      expect(lock.warnings).toEqual([
        `The state the place ${problem}. It was set aside as ${aside}, and this run begins with an empty one: earlier notifications may be repeated.`,
      ]);
      expect(lock.state).toEqual({ ...EMPTY_STATE, generation });
      expect(await place.text(aside)).toBe(text);
      await lock.release();
      expect((await acquire()).warnings).toEqual([]);
    },
  );

  test("that is invalid and cannot be set aside is left unchanged for the next run", async () => {
    await using world = await start();
    const { place, acquire } = world;
    await place.put("state.json", "broken");
    await place.put("state.json.corrupt-2026-11-22T08-00-00.000Z", "another");
    await expect(acquire()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await place.text("state.json")).toBe("broken");
    await expect(acquire()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    // The same text may be there from a run that died right after.
    await place.put("state.json.corrupt-2026-11-22T08-00-00.000Z", "broken");
    await (await acquire()).release();
  });

  test("of many concurrent runs is locked by each in turn, and no change is lost", async () => {
    await using world = await start();
    const { store, time, place } = world;
    const regionIds = ["cn-a", "cn-b", "cn-c", "cn-d", "cn-e"];
    let owners = 0;
    await Promise.all(
      regionIds.map(async (regionId) => {
        // A waiting run must not expire another's lease by its own waiting time.
        const within = { ...time.budget(0), remainingMs: () => 3_600_000 };
        const patient = new LeasedState({
          blobs: place.blobs,
          document: "state.json",
          name: "the place",
          clock: time.clock,
          sleep: () => new Promise((resolve) => void setImmediate(resolve)),
        });
        const lock = await patient.acquire({ within, reserveMs: 0 });
        owners += 1;
        expect(owners).toBe(1);
        await lock.save(stateWith([...regionsIn(lock.state), regionId]));
        owners -= 1;
        await lock.release();
      }),
    );
    const { state } = await store.read();
    expect(regionsIn(state).toSorted()).toEqual(regionIds);
  });
});

test("reads a lease as it was written, and ignores any other text", () => {
  const lease = { owner: "a run", lifetimeMs: 41_000, expiresAtMs: Date.UTC(2026, 10, 22, 8, 1) };
  expect(parseLease(serializeLease(lease))).toEqual(lease);
  expect(parseLease('{"owner":"a","expiresAt":"2026-11-22T08:01:00.000Z"}')).toEqual({
    ...lease,
    owner: "a",
    lifetimeMs: undefined,
  });
  for (const text of [
    "",
    "{",
    "null",
    "{}",
    '{"owner":"a","lifetimeMs":-1,"expiresAt":"2026-11-22T08:01:00.000Z"}',
    '{"owner":"a","expiresAt":"soon"}',
  ]) {
    expect(parseLease(text)).toBeNull();
  }
  expect(serializeDocument(EMPTY_STATE)).not.toContain("owner");
});
