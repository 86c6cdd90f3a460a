import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bundle } from "../../scripts/bundle.ts";
import { runNode } from "../harness/run-process.ts";

const FIXTURES = "test/harness/side-files";
const SIDE_FILES = ["count-there.js", "count.js", "raise.js"];

let dir: string;
let file: string;
let modules: readonly string[];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-side-files-"));
  file = join(dir, "one/index.js");
  const { inputs } = await bundle(`${FIXTURES}/entry.ts`, file);
  modules = Object.keys(inputs).filter((path) => path.startsWith(FIXTURES));
});
afterAll(() => rm(dir, { recursive: true }));

/** Runs a script with the bundle's exports in `bundle`, and returns what it returns. */
async function runWith(script: string, path: string = file): Promise<unknown> {
  const run = `const bundle = require(process.argv[1]);
    (async () => { ${script} })().then((value) => console.log(JSON.stringify(value)));`;
  const { stdout, stderr } = await runNode(["-e", run, path], { env: {} });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const LOADED = `Object.keys(require.cache)
  .flatMap((path) => path.includes("side-files/") ? path.split("/").slice(-1) : []).sort()`;

describe("own code that import() loads", () => {
  test("is in files beside the bundle, and what two of them import in one of its own", async () => {
    expect(modules).toEqual([`${FIXTURES}/fault.ts`, `${FIXTURES}/entry.ts`]);
    expect((await readdir(join(dir, "one/lazy", FIXTURES))).toSorted()).toEqual(SIDE_FILES);
  });

  test("is loaded on first use only", async () => {
    const before = `const before = ${LOADED}; await bundle.observe(); return [before, ${LOADED}];`;
    expect(await runWith(before)).toEqual([[], SIDE_FILES]);
  });

  test("shares classes, replaced functions of the SDK and state with the bundle", async () => {
    expect(await runWith("return bundle.observe();")).toEqual({
      isOwnFault: true,
      sdkIsReplaced: true,
      counts: [1, 2],
    });
  });

  test("adds nothing to what the bundle exports", async () => {
    expect(await runWith("return Object.keys(bundle).sort();")).toEqual(["Fault", "observe"]);
  });

  test("belongs to the bundle that loads it, where a process has two", async () => {
    const other = join(dir, "other");
    await cp(join(dir, "one"), other, { recursive: true });
    const script = `
      const other = require(${JSON.stringify(join(other, "index.js"))});
      const all = [await bundle.observe(), await other.observe(), await bundle.observe()];
      return [bundle.Fault === other.Fault, ...all.map(({ isOwnFault, counts }) => [isOwnFault, counts])];
    `;
    expect(await runWith(script)).toEqual([false, [true, [1, 2]], [true, [1, 2]], [true, [3, 4]]]);
  });

  // The same files, loaded by a second instance of the bundle.
  test("belongs to the instance of the bundle that loads it", async () => {
    const script = `
      await bundle.observe();
      delete require.cache[process.argv[1]];
      return require(process.argv[1]).observe();
    `;
    expect(await runWith(script)).toEqual({
      isOwnFault: true,
      sdkIsReplaced: true,
      counts: [1, 2],
    });
  });
});

describe("the build fails", () => {
  test("where a module that is loaded on first use is imported too, and says by which", async () => {
    await expect(
      bundle(`${FIXTURES}/loaded-anyway.ts`, join(dir, "anyway/index.js")),
    ).rejects.toThrow(
      `${FIXTURES}/count.ts is loaded on first use by ${FIXTURES}/loaded-anyway.ts, but ${FIXTURES}/loaded-anyway.ts imports it too`,
    );
  });

  test("where a side file would hold a copy of the SDK", async () => {
    await expect(bundle(`${FIXTURES}/copied-sdk.ts`, join(dir, "copy/index.js"))).rejects.toThrow(
      `${FIXTURES}/raise.ts would be a side file with a second copy of the SDK`,
    );
  });
});
