import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { EvidenceError } from "../../../shared/audit/run-error.ts";
import type { EvidenceArchive } from "../../../shared/evidence/evidence-archive.ts";
import { openArchive } from "../../../shared/evidence/open-archive.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import {
  parseEvidenceAddress,
  type StorageAddress,
} from "../../../shared/storage/storage-address.ts";
import { startOss } from "../../emulator/oss.ts";
import { DIRECT } from "../../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../../harness/emulated-bucket.ts";

const within = startTimeBudget(60_000, "TIMEOUT");
afterAll(() => within.release());

const SURROUNDINGS = {
  credentials: OSS_SEED.key,
  regionId: "cn-hangzhou",
  inFunctionCompute: false,
  endpoint: null,
  transport: DIRECT,
  clock: () => new Date(),
};

function addressOf(text: string): StorageAddress {
  const address = parseEvidenceAddress(text);
  if ("problem" in address) throw new Error(address.problem);
  return address;
}

function open(text: string, surroundings: Partial<typeof SURROUNDINGS> = {}): EvidenceArchive {
  const archive = openArchive(addressOf(text), { ...SURROUNDINGS, ...surroundings });
  if (archive === null) throw new Error("an address was given");
  return archive;
}

/** A folder with files, which is removed in the end. */
async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "guard-archive-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return {
    folder,
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }),
  };
}

async function errorOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EvidenceError)) throw new Error("no EvidenceError", { cause: error });
  return error.message;
}

const FILES = { "2026/11/28/b": "2", "2026/11/09/a": "1", "2025/c": "中", "notes.txt": "x" };
const NAMES = ["2025/c", "2026/11/09/a", "2026/11/28/b", "notes.txt"];

test("no evidence is no archive", () => {
  expect(openArchive({ kind: "none" }, SURROUNDINGS)).toBeNull();
});

test("a folder and a bucket are read alike", async () => {
  await using kept = await folderWith(FILES);
  await using oss = await startOss(OSS_SEED);
  for (const [name, text] of Object.entries(FILES)) oss.objects.set(`guard/${name}`, text);
  const endpoint = emulatorEndpoint(oss);
  const folder = open(`file:${kept.folder}`);
  const bucket = openArchive(addressOf("oss://guard-bucket/guard/"), { ...SURROUNDINGS, endpoint });
  expect(folder.name).toBe(`file:${kept.folder}/`);
  expect(bucket?.name).toBe("oss://guard-bucket/guard/");
  for (const archive of [folder, bucket]) {
    expect(await archive?.list(within)).toEqual(NAMES);
    expect(Buffer.from((await archive?.read("2025/c", within)) ?? "").toString()).toBe("中");
    expect(await archive?.read("2025/d", within)).toBeNull();
    expect(await archive?.lock(within)).toBeNull();
  }
});

test("the lock of a bucket is read", async () => {
  await using oss = await startOss({ ...OSS_SEED, locked: true });
  const endpoint = emulatorEndpoint(oss);
  const archive = openArchive(addressOf("oss://guard-bucket/"), { ...SURROUNDINGS, endpoint });
  expect(await archive?.lock(within)).toEqual({
    isLocked: true,
    days: 30,
    createdAt: "2026-11-01T08:00:00.000Z",
  });
});

test("a bucket that cannot be read is an error of the evidence", async () => {
  await using oss = await startOss({
    ...OSS_SEED,
    denied: ["GET", "ListObjects", "GetBucketWorm"],
  });
  oss.objects.set("guard/a", "1");
  const endpoint = emulatorEndpoint(oss);
  const archive = openArchive(addressOf("oss://guard-bucket/guard/"), {
    ...SURROUNDINGS,
    endpoint,
  });
  for (const call of [archive?.list(within), archive?.read("a", within), archive?.lock(within)]) {
    expect(await errorOf(Promise.resolve(call))).toContain("Access denied to the evidence");
  }
});

test("a bucket of an unknown region is an error of the configuration", () => {
  const surroundings = { ...SURROUNDINGS, regionId: null };
  expect(() => openArchive(addressOf("oss://guard-bucket/guard/"), surroundings)).toThrow(
    /^evidence: the region of the bucket guard-bucket is not known/,
  );
});

test("a link in the folder is listed, and neither followed nor read", async () => {
  await using elsewhere = await folderWith({ "a/kept": "1", other: "2" });
  await using kept = await folderWith({ own: "3" });
  await symlink(join(elsewhere.folder, "a"), join(kept.folder, "folder"));
  await symlink(join(elsewhere.folder, "other"), join(kept.folder, "file"));
  await symlink(kept.folder, join(kept.folder, "loop"));
  const archive = open(`file:${kept.folder}`);
  expect(await archive.list(within)).toEqual(["file", "folder", "loop", "own"]);
  expect(await errorOf(archive.read("file", within))).toMatch(
    /file \(not a regular file\)\. Check who/,
  );
  expect(await errorOf(archive.read("folder", within))).toContain("not a regular file");
});

test("the folder itself may be a link", async () => {
  await using kept = await folderWith({ own: "3" });
  await using links = await folderWith({});
  await symlink(kept.folder, join(links.folder, "evidence"));
  expect(await open(`file:${links.folder}/evidence`).list(within)).toEqual(["own"]);
});

test("a folder that does not exist, or is a file, is an error with its path", async () => {
  await using kept = await folderWith({ own: "3" });
  for (const path of [`${kept.folder}/none`, `${kept.folder}/own`]) {
    expect(await errorOf(open(`file:${path}`).list(within))).toContain(
      `There is no folder ${path}/, where evidence is kept.`,
    );
  }
});

test("a manifest that is far too large is an error of the evidence, and is not taken into memory", async () => {
  const text = " ".repeat(2 * 1_048_576);
  await using kept = await folderWith({ "a.manifest.json": text, "a.report.json": text });
  await using oss = await startOss(OSS_SEED);
  oss.objects.set("a.manifest.json", text).set("a.report.json", text);
  const endpoint = emulatorEndpoint(oss);
  const bucket = openArchive(addressOf("oss://guard-bucket/"), { ...SURROUNDINGS, endpoint });
  for (const archive of [open(`file:${kept.folder}`), bucket]) {
    const call = Promise.resolve(archive?.read("a.manifest.json", within));
    expect(await errorOf(call)).toMatch(/too large|more than any evidence has/);
    expect((await archive?.read("a.report.json", within))?.length).toBe(text.length);
  }
});
