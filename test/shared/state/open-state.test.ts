import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { openState } from "../../../shared/state/open-state.ts";
import { ossEndpoint } from "../../../shared/storage/open-bucket.ts";
import {
  parseStorageAddress,
  type StorageAddress,
} from "../../../shared/storage/storage-address.ts";
import { DIRECT } from "../../harness/direct.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { stateWith } from "../../harness/state-with.ts";

const HERE = {
  credentials: OSS_SEED.key,
  regionId: null,
  inFunctionCompute: false,
  transport: DIRECT,
  endpoint: null,
  clock: () => new Date(),
};

function addressOf(text: string): StorageAddress {
  const address = parseStorageAddress(text);
  if ("problem" in address) throw new Error(address.problem);
  return address;
}

test("no state is no store, and any other is named by its address", () => {
  expect(openState(addressOf("none"), HERE)).toBeNull();
  expect(openState(addressOf("file:./state.json"), HERE)?.name).toBe("file:./state.json");
  const oss = openState(addressOf("oss://my-bucket/a?region=cn-hangzhou"), HERE);
  expect(oss?.name).toBe("oss://my-bucket/a/?region=cn-hangzhou");
});

test("a link to a file stays a link, also to a file that does not exist yet", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-link-"));
  await mkdir(join(folder, "data"));
  await symlink("second", join(folder, "state.json"));
  await symlink(join(folder, "data", "state.json"), join(folder, "second"));
  const within = startTimeBudget(10_000, "TIMEOUT");
  const store = openState({ kind: "file", path: join(folder, "state.json") }, HERE);
  for (const regionId of ["cn-a", "cn-b"]) {
    const lock = await store?.acquire({ within, reserveMs: 0 });
    expect(await readdir(join(folder, "data"))).toContain("state.json.lease-1");
    await lock?.save(stateWith([regionId]));
    await lock?.release();
  }
  within.release();
  expect(await readdir(folder)).toEqual(["data", "second", "state.json"]);
  expect(await readlink(join(folder, "second"))).toBe(join(folder, "data", "state.json"));
  expect(await readFile(join(folder, "data", "state.json"), "utf8")).toContain("cn-b");
  await rm(folder, { recursive: true });
});

test("a bucket of an unknown region is a configuration error", () => {
  const address = addressOf("oss://my-bucket/a/");
  expect(() => openState(address, HERE)).toThrow(
    "state: the region of the bucket my-bucket is not known: add it to the address, as in oss://my-bucket/a/?region=cn-hangzhou, or set DEPLOY_REGION",
  );
  expect(() => openState(address, { ...HERE, inFunctionCompute: true })).not.toThrow(
    "DEPLOY_REGION",
  );
  expect(openState(address, { ...HERE, regionId: "cn-beijing" })).not.toBeNull();
});

const PRIVATE = { host: "oss.corp.example", protocol: "HTTPS" } as const;

test.each([
  ["elsewhere", { regionId: null }, "oss-cn-hangzhou.aliyuncs.com"],
  ["on a machine in the region", { regionId: "cn-hangzhou" }, "oss-cn-hangzhou.aliyuncs.com"],
  [
    "in a function of the region",
    { regionId: "cn-hangzhou", inFunctionCompute: true },
    "oss-cn-hangzhou-internal.aliyuncs.com",
  ],
  [
    "in a function of another region",
    { regionId: "cn-beijing", inFunctionCompute: true },
    "oss-cn-hangzhou.aliyuncs.com",
  ],
  [
    "where an endpoint is given",
    { regionId: "cn-hangzhou", inFunctionCompute: true, endpoint: PRIVATE },
    "oss.corp.example",
  ],
])("%s OSS in cn-hangzhou is asked at %s", (_where, surroundings, host) => {
  expect(ossEndpoint("cn-hangzhou", { ...HERE, ...surroundings })).toEqual({
    host,
    protocol: "HTTPS",
  });
});
