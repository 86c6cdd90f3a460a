import { spawnSync } from "node:child_process";
import {
  chmod,
  chown,
  link,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { replaceFile } from "../../../shared/storage/replace-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-replace-"));
});
afterEach(() => rm(folder, { recursive: true }));

const isRoot = process.getuid?.() === 0;

describe("a file that is new or regular", () => {
  test("is written, with the mode of the process's other files", async () => {
    const path = join(folder, "report.json");
    const other = join(folder, "other");
    await replaceFile(path, "new");
    await writeFile(other, "");
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode).toBe((await stat(other)).mode);
    expect((await readdir(folder)).toSorted()).toEqual(["other", "report.json"]);
  });

  test("is complete at every time", async () => {
    const path = join(folder, "report.json");
    const texts = ["a", "b"].map((letter) => letter.repeat(4_000_000));
    await replaceFile(path, String(texts[0]));
    const progress = { done: false, reads: 0 };
    const writing = (async () => {
      for (let round = 0; round < 20; round += 1) await replaceFile(path, String(texts[round % 2]));
      progress.done = true;
    })();
    while (!progress.done) {
      // Compared as a boolean, since printing a difference of megabytes is slow.
      expect(texts.includes(await readFile(path, "utf8"))).toBe(true);
      progress.reads += 1;
    }
    await writing;
    expect(progress.reads).toBeGreaterThan(1);
    expect(await readdir(folder)).toEqual(["report.json"]);
  });

  test.each([0o600, 0o640, 0o666, 0o755])("keeps its mode: %o", async (mode) => {
    const path = join(folder, "report.json");
    await writeFile(path, "old");
    await chmod(path, mode);
    await replaceFile(path, "new");
    expect((await stat(path)).mode & 0o7777).toBe(mode);
    expect(await readFile(path, "utf8")).toBe("new");
  });

  test.runIf(isRoot)("keeps its owner", async () => {
    const path = join(folder, "report.json");
    await writeFile(path, "old");
    await chown(path, 1234, 2345);
    await chmod(path, 0o4750);
    await replaceFile(path, "new");
    expect(await stat(path)).toMatchObject({ uid: 1234, gid: 2345, mode: 0o104750 });
  });
});

describe("a file that is more than its content is written in place", () => {
  test("a symbolic link, also one whose target does not exist yet", async () => {
    const [path, target] = [join(folder, "link"), join(folder, "target")];
    await symlink("target", path);
    for (const text of ["first", "second"]) {
      await replaceFile(path, text);
      expect((await lstat(path)).isSymbolicLink()).toBe(true);
      expect(await readFile(target, "utf8")).toBe(text);
    }
  });

  test("a file with a second name", async () => {
    const [path, other] = [join(folder, "report.json"), join(folder, "other")];
    await writeFile(path, "old");
    await link(path, other);
    await replaceFile(path, "new");
    expect(await readFile(other, "utf8")).toBe("new");
  });

  test("a pipe", async () => {
    const path = join(folder, "pipe");
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    const [text] = await Promise.all([readFile(path, "utf8"), replaceFile(path, "new")]);
    expect(text).toBe("new");
    expect((await lstat(path)).isFIFO()).toBe(true);
  });
});

test.each(["nowhere/report.json", "."])(
  "%s cannot be written, and leaves nothing",
  async (name) => {
    await expect(replaceFile(`${folder}/${name}`, "new")).rejects.toThrow(/ENOENT|EISDIR/);
    expect(await readdir(folder)).toEqual([]);
  },
);

test("a pipe that nobody reads is an error, and is not waited for", async () => {
  const path = join(folder, "pipe");
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  await expect(replaceFile(path, "new")).rejects.toMatchObject({ code: "ENXIO" });
  expect((await lstat(path)).isFIFO()).toBe(true);
});
