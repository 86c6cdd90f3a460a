import { execFile } from "node:child_process";
import {
  chmod,
  lutimes,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

import { afterEach, beforeEach, expect, test } from "vitest";

import { FileBlobs } from "../../../shared/storage/file-blobs.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("files are for their owner only, also where one of another mode is replaced", async () => {
  const blobs = new FileBlobs(folder);
  const mode = async (name: string) => ((await stat(join(folder, name))).mode & 0o777).toString(8);
  await blobs.create("created", "1");
  await blobs.write("written", "1");
  await chmod(join(folder, "written"), 0o644);
  await blobs.write("written", "2");
  expect([await mode("created"), await mode("written")]).toEqual(["600", "600"]);
});

test("a reader never sees a partial text, or a name without a text", async () => {
  const blobs = new FileBlobs(folder);
  const texts = ["a", "b"].map((letter) => letter.repeat(300_000));
  await blobs.write("text", String(texts[0]));
  for (let turn = 0; turn < 30; turn += 1) {
    const write = blobs.write("text", String(texts[turn % 2]));
    for (let read = 0; read < 5; read += 1) {
      expect(texts.includes(String(await blobs.read("text")))).toBe(true);
    }
    await write;
  }
  expect(await readdir(folder)).toEqual(["text"]);
});

test("of many writers that create the same name, one succeeds, with its whole text", async () => {
  const blobs = new FileBlobs(folder);
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(1_000));
  const created = await Promise.all(texts.map(async (text) => blobs.create("lease", text)));
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(await blobs.read("lease")).toBe(texts[created.indexOf(true)]);
  expect(await readdir(folder)).toEqual(["lease"]);
});

test("a relative folder is found, and removing a missing file is no error", async () => {
  const blobs = new FileBlobs(relative(process.cwd(), folder));
  await blobs.write("text", "中");
  expect(await readFile(join(folder, "text"), "utf8")).toBe("中");
  await blobs.remove("text");
  await blobs.remove("text");
  expect(await blobs.read("text")).toBeNull();
});

test("a folder that does not exist is an error of every operation", async () => {
  const blobs = new FileBlobs(join(folder, "nowhere"));
  const error = {
    name: "StateError",
    code: "UNAVAILABLE",
    message: `The folder ${folder}/nowhere, where the state is kept, does not exist. Create it, or correct the state's path.`,
  };
  await expect(blobs.read("text")).rejects.toMatchObject(error);
  await expect(blobs.write("text", "")).rejects.toMatchObject(error);
  await expect(blobs.create("text", "")).rejects.toMatchObject(error);
});

test.each([
  ["a folder", async (path: string) => mkdir(path)],
  ["a pipe", async (path: string) => promisify(execFile)("mkfifo", [path])],
  ["a device", async (path: string) => symlink("/dev/null", path)],
])("%s is not read as a state", async (_what, make) => {
  await make(join(folder, "state.json"));
  await expect(new FileBlobs(folder).read("state.json")).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: `${folder}/state.json, where the state is kept, is no file. Correct the state's path.`,
  });
});

test("any other error is named by its code", async () => {
  const blobs = new FileBlobs(folder);
  await expect(blobs.read("x".repeat(256))).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("cannot be read in"),
    cause: { code: "ENAMETOOLONG" },
  });
});

test("the age of a text is that of its file, by the clock of the disk", async () => {
  const blobs = new FileBlobs(folder);
  expect(await blobs.readAged("lease")).toBeNull();
  await blobs.create("lease", "1");
  const young = await blobs.readAged("lease");
  expect(young).toEqual({ text: "1", ageMs: expect.any(Number) });
  expect(Math.abs(Number(young?.ageMs))).toBeLessThan(5_000);
  const hourAgo = Date.now() / 1_000 - 3_600;
  await utimes(join(folder, "lease"), hourAgo, hourAgo);
  expect((await blobs.readAged("lease"))?.ageMs).toBeGreaterThanOrEqual(3_599_000);
  expect(await readdir(folder)).toEqual(["lease"]);
});

test("a text dated in the future, because a clock was set back, starts to age", async () => {
  const blobs = new FileBlobs(folder);
  await blobs.create("lease", "1");
  const inAnHour = Date.now() / 1_000 + 3_600;
  await utimes(join(folder, "lease"), inAnHour, inAnHour);
  expect(await blobs.readAged("lease")).toEqual({ text: "1", ageMs: 0 });
  const { mtimeMs } = await stat(join(folder, "lease"));
  expect(Math.abs(mtimeMs - Date.now())).toBeLessThan(60_000);
});

test("temporary files of a killed run are removed by a later one, and nothing else", async () => {
  const hourAgo = Date.now() / 1_000 - 3_660;
  const left = ".flowlog-guard-3f0e2c1a-1111-4222-8333-444455556666.tmp";
  const young = ".flowlog-guard-aaaaaaaa-1111-4222-8333-444455556666.tmp";
  const foreign = [
    ".flowlog-guard-notes.tmp",
    ".flowlog-guard-3f0e2c1a-1111-1222-8333-444455556666.tmp",
    "x.flowlog-guard-3f0e2c1a-1111-4222-8333-444455556666.tmp",
    ".flowlog-guard-3f0e2c1a-1111-4222-8333-444455556666.tmp.bak",
    "flowlog-guard.yaml",
    "state.json",
  ];
  for (const name of [left, ...foreign]) {
    await writeFile(join(folder, name), "1");
    await utimes(join(folder, name), hourAgo, hourAgo);
  }
  await writeFile(join(folder, young), "1");
  const link = ".flowlog-guard-bbbbbbbb-1111-4222-8333-444455556666.tmp";
  await symlink(join(folder, "state.json"), join(folder, link));
  await lutimes(join(folder, link), hourAgo, hourAgo);
  const inner = ".flowlog-guard-cccccccc-1111-4222-8333-444455556666.tmp";
  await mkdir(join(folder, inner));
  await utimes(join(folder, inner), hourAgo, hourAgo);

  const blobs = new FileBlobs(folder);
  await blobs.create("lease", "1");
  await blobs.read("state.json");
  expect(await readdir(folder)).toContain(left);
  await blobs.write("state.json", "2");
  const kept = [...foreign, young, link, inner, "lease"];
  expect((await readdir(folder)).toSorted()).toEqual(kept.toSorted());
});
