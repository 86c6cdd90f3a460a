import { inspect } from "node:util";

import { afterAll, expect, test } from "vitest";

import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { OssError } from "../../../shared/storage/oss-error.ts";
import { OssReader, type OssReaderOptions } from "../../../shared/storage/oss-reader.ts";
import { type OssEmulator, type OssFault, startOss } from "../../emulator/oss.ts";
import { DIRECT } from "../../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../../harness/emulated-bucket.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";

const within = startTimeBudget(60_000, "TIMEOUT");
afterAll(() => within.release());

function readerOf(
  oss: Pick<OssEmulator, "origin">,
  options: Partial<OssReaderOptions> = {},
): OssReader {
  return new OssReader({
    transport: DIRECT,
    bucket: OSS_SEED.bucket,
    prefix: "guard/",
    regionId: "cn-hangzhou",
    endpoint: emulatorEndpoint(oss),
    credentials: OSS_SEED.key,
    contents: { called: "evidence", maxBytes: 1_000_000 },
    retryPolicy: { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 },
    ...options,
  });
}

async function errorOf(call: Promise<unknown>): Promise<OssError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OssError)) throw new Error(`no OssError: ${inspect(error)}`);
  const shown = inspect(error, { depth: 10, showHidden: true });
  for (const secret of Object.values(OSS_SEED.key)) expect(shown).not.toContain(secret);
  return error;
}

test.each([0, 1, 999, 1_000, 1_001, 2_000, 2_001])(
  "lists %i objects in all pages, and none of another prefix",
  async (count) => {
    await using oss = await startOss(OSS_SEED);
    const names = Array.from({ length: count }, (_, at) => `2026/${String(at).padStart(5, "0")}`);
    for (const name of names.toReversed()) oss.objects.set(`guard/${name}`, "1");
    oss.objects.set("guard2/other", "1");
    oss.objects.set("a", "1");
    expect(await readerOf(oss).list(within)).toEqual(names);
    expect(oss.requests).toHaveLength(Math.max(1, Math.ceil(count / 1_000)));
  },
);

test("lists names as they are, also those that XML and addresses cannot have", async () => {
  await using oss = await startOss(OSS_SEED);
  const names = ["", "a b+c%20.json", "a&<b>'\"!()*", "中文/😀", "line\nend\u0001", "__proto__"];
  for (const name of names) oss.objects.set(`guard/${name}`, name);
  const reader = readerOf(oss);
  expect((await reader.list(within)).toSorted()).toEqual(names.toSorted());
  expect(String(await reader.read("a b+c%20.json", within))).toBe("a b+c%20.json");
});

test("goes on after a page that ends in a name of odd characters", async () => {
  await using oss = await startOss(OSS_SEED);
  const names = Array.from({ length: 1_500 }, (_, at) => `a+b &'(${at})*!/中`);
  for (const name of names) oss.objects.set(`guard/${name}`, "1");
  expect((await readerOf(oss).list(within)).toSorted()).toEqual(names.toSorted());
});

test("a list that begins again is an error, and has an end", async () => {
  const nextOf = new Map([
    ["", "a"],
    ["guard/a", "b"],
    ["guard/b", "c"],
    ["guard/c", "b"],
  ]);
  await using oss = await startLoopbackServer(async ({ url = "" }, response) => {
    const after = new URL(url, "http://localhost").searchParams.get("start-after") ?? "";
    response.setHeader("x-oss-request-id", "6AF1").setHeader("content-type", "application/xml");
    response.end(
      `<ListBucketResult><EncodingType>url</EncodingType><KeyCount>1</KeyCount><IsTruncated>true</IsTruncated><Contents><Key>guard%2F${nextOf.get(after)}</Key></Contents></ListBucketResult>`,
    );
  });
  const { message } = await errorOf(readerOf(oss).list(within));
  expect(message).toContain("something else than the list of objects");
});

test("reads bytes, and null for what does not exist", async () => {
  await using oss = await startOss(OSS_SEED);
  oss.objects.set("guard/a", "中");
  const reader = readerOf(oss);
  expect(await reader.read("a", within)).toEqual(Buffer.from("中"));
  expect(await reader.read("b", within)).toBeNull();
});

test("keeps its connection for further reads", async () => {
  await using oss = await startOss(OSS_SEED);
  oss.objects.set("guard/a", "1");
  const reader = readerOf(oss);
  await reader.read("a", within);
  const opened = [...oss.open];
  for (let times = 0; times < 5; times += 1) await reader.read("a", within);
  expect(opened).toHaveLength(1);
  expect([...oss.open]).toEqual(opened);
});

test.each([
  ["Locked", "2026-11-01T08:00:00.000Z", true],
  // Without the Z, as in the service's own example.
  ["InProgress", "2026-11-01T08:00:00", false],
] as const)("reads a retention policy that is %s", async (state, createdAt, isLocked) => {
  await using oss = await startOss({ ...OSS_SEED, worm: { state, days: 3_650, createdAt } });
  expect(await readerOf(oss).worm(within)).toEqual({
    isLocked,
    days: 3_650,
    createdAt: "2026-11-01T08:00:00.000Z",
  });
  expect(oss.requests).toEqual([{ method: "GET", key: "", query: "worm=" }]);
});

test("a bucket without a retention policy has null", async () => {
  await using oss = await startOss(OSS_SEED);
  expect(await readerOf(oss).worm(within)).toBeNull();
});

test.each([
  { state: "Unlocked", days: 1, createdAt: "2026-11-01T08:00:00Z" },
  { state: "Locked", days: 0, createdAt: "2026-11-01T08:00:00Z" },
  { state: "Locked", days: 1, createdAt: "yesterday" },
])("what is no retention policy is an error, not the lack of one: %o", async (worm) => {
  await using oss = await startOss({ ...OSS_SEED, worm });
  const { message } = await errorOf(readerOf(oss).worm(within));
  expect(message).toContain("something else than the retention policy of the bucket");
});

const CALLS = {
  list: async (reader: OssReader) => reader.list(within),
  read: async (reader: OssReader) => reader.read("a", within),
  worm: async (reader: OssReader) => reader.worm(within),
};

test.each([
  ["list", "ListObjects", "oss:ListObjects on acs:oss:*:*:guard-bucket, "],
  ["read", "GET", "oss:GetObject on acs:oss:*:*:guard-bucket/guard/*, "],
  ["worm", "GetBucketWorm", "oss:GetBucketWorm on acs:oss:*:*:guard-bucket, "],
] as const)("where %s is denied, says what to allow", async (call, denied, rights) => {
  await using oss = await startOss({ ...OSS_SEED, denied: [denied] });
  oss.objects.set("guard/a", "1");
  const { message } = await errorOf(CALLS[call](readerOf(oss)));
  expect(message).toContain("Access denied to the evidence in guard-bucket");
  expect(message).toContain(`Allow ${rights}`);
});

const FAULTS: readonly OssFault[] = [
  "busy",
  "html",
  "reset",
  "hang",
  "cut",
  "log-in-page",
  "partial",
];

test.each(
  FAULTS.flatMap((fault) =>
    (["list", "read", "worm"] as const).map((call) => [fault, call] as const),
  ),
)("%s is retried when it passes, and an error when it lasts: %s", async (fault, call) => {
  const limits = fault === "hang" ? { callTimeoutMs: 100 } : {};
  let left = 1;
  await using passing = await startOss({
    ...OSS_SEED,
    locked: true,
    faultFor: () => {
      left -= 1;
      return left === 0 ? fault : undefined;
    },
  });
  passing.objects.set("guard/a", "1");
  expect(await CALLS[call](readerOf(passing, limits))).toBeTruthy();
  await using lasting = await startOss({ ...OSS_SEED, locked: true, faultFor: () => fault });
  lasting.objects.set("guard/a", "1");
  await errorOf(CALLS[call](readerOf(lasting, limits)));
  expect(lasting.requests).toHaveLength(2);
});

test("an object larger than allowed is an error", async () => {
  await using oss = await startOss(OSS_SEED);
  oss.objects.set("guard/a", "x".repeat(1_000_001));
  const { message } = await errorOf(readerOf(oss).read("a", within));
  expect(message).toContain("sent more than any evidence has");
});
