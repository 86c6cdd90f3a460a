import { inspect } from "node:util";

import { afterAll, expect, test } from "vitest";

import { StateError } from "../../../shared/audit/run-error.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { LeasedState } from "../../../shared/state/leased-state.ts";
import { OssBlobs } from "../../../shared/storage/oss-blobs.ts";
import type { OssObjectsOptions } from "../../../shared/storage/oss-objects.ts";
import { type OssEmulator, type OssFault, type OssSeed, startOss } from "../../emulator/oss.ts";
import { DIRECT } from "../../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../../harness/emulated-bucket.ts";

/** The time limit of each call, which only an OSS without an answer reaches. */
const SILENCE_MS = 100;

const limitsOf = (fault: OssFault): Partial<OssObjectsOptions> =>
  fault === "hang" ? { callTimeoutMs: SILENCE_MS } : {};

const within = startTimeBudget(60_000, "TIMEOUT");
afterAll(() => within.release());

function blobsOf(oss: OssEmulator, options: Partial<OssObjectsOptions> = {}): OssBlobs {
  return new OssBlobs({
    transport: DIRECT,
    bucket: OSS_SEED.bucket,
    prefix: "guard/",
    regionId: "cn-hangzhou",
    endpoint: emulatorEndpoint(oss),
    credentials: OSS_SEED.key,
    callTimeoutMs: 5_000,
    retryPolicy: { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 },
    ...options,
  });
}

/** An OSS with a fault in the first so many requests. */
async function faultyOss(fault: OssFault, times: number, seed: Partial<OssSeed> = {}) {
  let left = times;
  return startOss({
    ...OSS_SEED,
    ...seed,
    faultFor: () => {
      left -= 1;
      return left >= 0 ? fault : undefined;
    },
  });
}

/** The error of a call: always a StateError, without a secret. */
async function errorOf(call: Promise<unknown>): Promise<StateError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StateError)) throw new Error(`no StateError: ${inspect(error)}`);
  const shown = inspect(error, { depth: 10, showHidden: true });
  for (const secret of Object.values(OSS_SEED.key)) expect(shown).not.toContain(secret);
  expect(shown).not.toContain("Message of");
  expect(error.code).toBe("UNAVAILABLE");
  return error;
}

test("a text is written, read, created once, and removed", async () => {
  await using oss = await startOss(OSS_SEED);
  const blobs = blobsOf(oss);
  expect(await blobs.read("a", within)).toBeNull();
  await blobs.write("a", "1 中", within);
  expect(await blobs.read("a", within)).toBe("1 中");
  expect(await blobs.create("a", "2", within)).toBe(false);
  expect(await blobs.create("b", "2", within)).toBe(true);
  await blobs.write("a", "3", within);
  await blobs.remove("b", within);
  await blobs.remove("b", within);
  expect([...oss.objects]).toEqual([["guard/a", "3"]]);
});

test("the state of many thousand resources is written, and read again", async () => {
  await using oss = await startOss(OSS_SEED);
  const state = "vpc".repeat(5_000_000);
  await blobsOf(oss).write("a", state, within);
  expect((await blobsOf(oss).read("a", within))?.length).toBe(state.length);
});

test("the age of a text is measured by the service's clock, not by this machine's", async () => {
  let nowMs = Date.UTC(2001, 0, 1);
  await using oss = await startOss({ ...OSS_SEED, clock: () => new Date(nowMs) });
  const blobs = blobsOf(oss);
  expect(await blobs.readAged("a", within)).toBeNull();
  await blobs.create("a", "1", within);
  nowMs += 61_000;
  expect(await blobs.readAged("a", within)).toEqual({ text: "1", ageMs: 61_000 });
  await blobs.write("a", "2", within);
  expect(await blobs.readAged("a", within)).toEqual({ text: "2", ageMs: 0 });
});

test("a text of unknown age is an error", async () => {
  await using oss = await startOss({ ...OSS_SEED, clock: () => new Date(NaN) });
  await blobsOf(oss).create("a", "1", within);
  const { message } = await errorOf(blobsOf(oss).readAged("a", within));
  expect(message).toContain("does not say when the lock of the state was made");
});

test("of many writers that create the same name, one succeeds", async () => {
  await using oss = await startOss(OSS_SEED);
  const blobs = blobsOf(oss);
  const created = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => blobs.create("a", `${index}`, within)),
  );
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(oss.objects.get("guard/a")).toBe(String(created.indexOf(true)));
});

test.each<OssFault>(["busy", "throttled", "html", "reset", "hang", "cut"])(
  "a transient fault is retried once, and a lasting one is an error: %s",
  async (fault) => {
    await using passing = await faultyOss(fault, 1);
    passing.objects.set("guard/a", "1");
    expect(await blobsOf(passing, limitsOf(fault)).read("a", within)).toBe("1");
    await using staying = await faultyOss(fault, Infinity);
    staying.objects.set("guard/a", "1");
    await errorOf(blobsOf(staying, limitsOf(fault)).read("a", within));
    expect(staying.requests).toHaveLength(2);
  },
);

test.each<[OssFault, string]>([
  ["busy", "failed, or is too busy (HTTP 503, ServiceBusy). Run again later."],
  ["throttled", "failed, or is too busy (HTTP 429, QpsLimitExceeded). Run again later."],
  ["html", "failed, or is too busy (HTTP 502). Run again later."],
  ["reset", "cannot be reached. Check the network, a firewall or a proxy on the way."],
  ["hang", "did not answer in time."],
  ["redirect", "refused the request for the state (HTTP 301)."],
  [
    "denied",
    "oss:DeleteObject on acs:oss:*:*:guard-bucket/guard/*, and check that this is the bucket's region.",
  ],
  ["endless", "sent more than any state has."],
])("%s is reported as %s", async (fault, message) => {
  await using oss = await faultyOss(fault, Infinity);
  oss.objects.set("guard/a", "1");
  const blobs = blobsOf(oss, limitsOf(fault));
  expect((await errorOf(blobs.read("a", within))).message).toContain(message);
  const writing = await errorOf(blobs.write("a", "1", within));
  expect(writing.message).toContain(message);
  await errorOf(blobs.create("b", "1", within));
  await errorOf(blobs.remove("a", within));
});

test.each<[OssFault, string]>([
  [
    "partial",
    "answered HTTP 206 where 200 is the only success: what came may not be the whole state",
  ],
  ["not-modified", "answered HTTP 304 where 200 is the only success"],
  ["empty", "was cut off"],
  ["log-in-page", "Something else answered for 127.0.0.1"],
])("only the whole state is accepted: %s", async (fault, message) => {
  await using oss = await faultyOss(fault, Infinity);
  oss.objects.set("guard/a", "1");
  const reading = await errorOf(blobsOf(oss).read("a", within));
  expect(reading.message).toContain(message);
  expect(oss.requests).toHaveLength(2);
  // A transient fault of a proxy is retried.
  await using passing = await faultyOss(fault, 1);
  passing.objects.set("guard/a", "1");
  expect(await blobsOf(passing).read("a", within)).toBe("1");
});

test.each<OssFault>(["partial", "not-modified", "log-in-page", "empty"])(
  "a write, creation or removal needs a confirming answer: %s",
  async (fault) => {
    await using oss = await faultyOss(fault, Infinity);
    oss.objects.set("guard/a", "1");
    const blobs = blobsOf(oss);
    await errorOf(blobs.write("a", "2", within));
    await errorOf(blobs.create("b", "1", within));
    await errorOf(blobs.remove("a", within));
    expect([...oss.objects]).toEqual([["guard/a", "1"]]);
  },
);

test("after a lost answer, a text may exist although it was not created", async () => {
  await using oss = await faultyOss("lost-answer", 1);
  expect(await blobsOf(oss).create("a", "mine", within)).toBe(false);
  expect(oss.objects.get("guard/a")).toBe("mine");
});

test.each([
  ["an unknown key", { accessKeyId: "STS.NUanother" }, "InvalidAccessKeyId"],
  ["a wrong secret", { accessKeySecret: "emulated-other" }, "SignatureDoesNotMatch"],
  ["another token", { securityToken: "CAISanother" }, "SecurityTokenExpired"],
  ["no token", { securityToken: undefined }, "SecurityTokenExpired"],
])("%s is refused", async (_what, override, code) => {
  await using oss = await startOss(OSS_SEED);
  const blobs = blobsOf(oss, { credentials: { ...OSS_SEED.key, ...override } });
  const { message } = await errorOf(blobs.read("a", within));
  expect(message).toBe(
    `The credentials were refused by ${new URL(oss.origin).host} (HTTP 403, ${code}). Check the access key, its secret and the security token's expiry, and the clock of this machine.`,
  );
});

test("keys that are not temporary need no token", async () => {
  const key = { accessKeyId: "LTAI5tEmulatedKey", accessKeySecret: "emulated-secret-77" };
  await using oss = await startOss({ ...OSS_SEED, key });
  expect(await blobsOf(oss, { credentials: key }).create("a", "1", within)).toBe(true);
});

test("a missing bucket is named", async () => {
  await using oss = await startOss({ ...OSS_SEED, bucket: "another-bucket" });
  const { message } = await errorOf(blobsOf(oss).read("a", within));
  expect(message).toContain("There is no bucket guard-bucket at 127.0.0.1");
  expect(message).toContain("(HTTP 404, NoSuchBucket)");
});

test.each(["enabled", "suspended"] as const)(
  "a bucket with versioning %s cannot exclude concurrent runs, and is refused",
  async (versioning) => {
    await using oss = await startOss({ ...OSS_SEED, versioning });
    const { message } = await errorOf(blobsOf(oss).create("a", "1", within));
    expect(message).toContain("The bucket guard-bucket keeps versions of its objects");
    await errorOf(blobsOf(oss).write("a", "1", within));
  },
);

test("if missing objects are answered as denied, this is tested once, and the test leaves no object", async () => {
  await using oss = await startOss({ ...OSS_SEED, missing: 403 });
  const blobs = blobsOf(oss);
  expect(await blobs.read("a", within)).toBeNull();
  expect(oss.requests.map(({ method }) => method)).toEqual(["GET", "PUT", "GET", "DELETE"]);
  expect(await blobs.read("b", within)).toBeNull();
  expect(oss.requests).toHaveLength(5);
  expect([...oss.objects]).toEqual([]);
});

test.each(["GET", "PUT", "DELETE"])(
  "an identity that may not %s gets an error with the actions to allow",
  async (method) => {
    await using oss = await startOss({ ...OSS_SEED, missing: 403, denied: [method] });
    oss.objects.set("guard/there", "1");
    const blobs = blobsOf(oss);
    const calls = {
      GET: async () => blobs.read("there", within),
      PUT: async () => blobs.create("new", "1", within),
      DELETE: async () => blobs.remove("there", within),
    };
    const { message } = await errorOf(calls[method as keyof typeof calls]());
    expect(message).toBe(
      `Access denied to the state in guard-bucket at ${new URL(oss.origin).host} (HTTP 403, AccessDenied). Allow oss:GetObject, oss:PutObject and oss:DeleteObject on acs:oss:*:*:guard-bucket/guard/*, and check that this is the bucket's region.`,
    );
    expect([...oss.objects.keys()].filter((key) => key.startsWith("guard/read-check"))).toEqual([]);
  },
);

test("a closed port is reported as unreachable", async () => {
  const oss = await startOss(OSS_SEED);
  await oss.stop();
  const { message } = await errorOf(blobsOf(oss).read("a", within));
  expect(message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached\./);
});

test("names a host that does not exist", async () => {
  await using oss = await startOss(OSS_SEED);
  // The label is too long for a name, so no name server is asked.
  const host = `${"x".repeat(64)}.invalid`;
  const blobs = blobsOf(oss, { endpoint: { host, protocol: "HTTPS" } });
  const { message } = await errorOf(blobs.read("a", within));
  expect(message).toContain(`There is no host guard-bucket.${host}, `);
});

test("when the time is over, a call ends at once and is not tried again", async () => {
  const budget = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
  await using oss = await startOss({
    ...OSS_SEED,
    faultFor: () => {
      budget.cancel();
      return "hang";
    },
  });
  const blobs = blobsOf(oss, { callTimeoutMs: 20_000 });
  const { message } = await errorOf(blobs.read("a", budget));
  expect(message).toContain("did not answer in time");
  expect(oss.requests).toHaveLength(1);
  await errorOf(blobs.read("a", budget));
  expect(oss.requests).toHaveLength(1);
});

test("a run that cannot read the state releases its lease", async () => {
  let requests = 0;
  await using oss = await startOss({
    ...OSS_SEED,
    // The second read of the state fails; the first and the lease succeed.
    faultFor: ({ method, key }) => {
      if (method !== "GET" || key !== "guard/state.json") return undefined;
      requests += 1;
      return requests === 1 ? undefined : "busy";
    },
  });
  const store = new LeasedState({
    blobs: blobsOf(oss),
    document: "state.json",
    name: "the place",
    clock: () => new Date(),
  });
  await errorOf(store.acquire({ within, reserveMs: 0 }));
  expect([...oss.objects]).toEqual([]);
});

test("a text that could not be read again is not written, and what is there stays", async () => {
  await using oss = await startOss(OSS_SEED);
  const blobs = blobsOf(oss);
  await blobs.write("state.json", "before", within);
  const { message } = await errorOf(
    blobs.write("state.json", "x".repeat(32 * 1_048_576 + 1), within),
  );
  expect(message).toContain("The state has 33 MiB, and 32 MiB is the most that is written");
  expect(await blobs.read("state.json", within)).toBe("before");
});

test("a bucket that is locked refuses to replace and to delete, and the message says why", async () => {
  await using oss = await startOss({ ...OSS_SEED, locked: true });
  const blobs = blobsOf(oss);
  await blobs.write("state.json", "first", within);
  const locked =
    "The bucket guard-bucket is locked by a retention policy, so nothing in it can be replaced or deleted (HTTP 409, FileImmutable). Use a bucket for the state that has none.";
  expect(await errorOf(blobs.write("state.json", "second", within))).toMatchObject({
    message: locked,
  });
  expect(await errorOf(blobs.remove("state.json", within))).toMatchObject({ message: locked });
  expect(await blobs.create("state.json", "second", within)).toBe(false);
  expect(await blobs.read("state.json", within)).toBe("first");
});
