import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { buildAll } from "../../scripts/build.ts";
import { runNode } from "../harness/run-process.ts";

let outDir: string;
beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "flowlog-guard-build-"));
});
afterAll(() => rm(outDir, { recursive: true }));

test("the function's folder contains only the bundle", async () => {
  expect(await readdir(join(inject("dist"), "check"))).toEqual(["index.js", "lazy"]);
});

test("npm run build accepts flowlog-guard.yml too, and fails where both files exist", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-build-yml-"));
  const root = new URL("../../", import.meta.url);
  const program = ["node_modules/tsx/dist/cli.mjs", "scripts/build.ts"].map((path) =>
    fileURLToPath(new URL(path, root)),
  );
  const build = async () => runNode(program, { env: {}, cwd: folder });
  await writeFile(join(folder, "flowlog-guard.yml"), "regions: [CN-B]\n");
  expect(await build()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(
      'build: flowlog-guard.yml:1:11: regions[0]: "CN-B" is not a region',
    ),
  });
  await writeFile(join(folder, "flowlog-guard.yaml"), "regions: [CN-B]\n");
  expect(await build()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^build: flowlog-guard.yaml and flowlog-guard.yml: both are here/,
    ),
  });
  await rm(folder, { recursive: true });
});

test("a file that is wrong fails the build", async () => {
  const file = { name: "flowlog-guard.yaml", values: { regions: ["CN-B"] } };
  await expect(buildAll(outDir, file)).rejects.toThrow('regions[0]: "CN-B" is not a region');
});
