import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bundle } from "../../../scripts/bundle.ts";
import { smallFc2 } from "../../../scripts/sdk/small-fc2.ts";
import { runNode } from "../../harness/run-process.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-fc2-"));
});
afterAll(() => rm(dir, { recursive: true }));

describe("fc2 in a function's bundle", () => {
  test("is a small side file, found from another side file, and signs as the package does", async () => {
    const file = join(dir, "own/index.js");
    await bundle("test/harness/side-files/invoking.ts", file);
    const run = "require(process.argv[1]).sign().then((all) => console.log(JSON.stringify(all)))";
    const { stdout, stderr } = await runNode(["-e", run, file], { env: {} });
    expect(stderr).toBe("");
    const whole = createRequire(import.meta.url)("@alicloud/fc2");
    const headers = { "content-md5": "bQ==", date: "Sat, 28 Nov 2026 12:00:00 GMT", "x-fc-a": "b" };
    const path = "/functions/f/invocations";
    expect(JSON.parse(stdout)).toEqual({
      endpoint: "https://1234567890123456.cn-a.fc.aliyuncs.com",
      signature: whole.getSignature("key", "secret", "POST", path, headers),
      problem: expect.stringContaining("httpx is not in this bundle"),
    });
    expect((await stat(join(dir, "own/lazy/@alicloud/fc2.js"))).size).toBeLessThan(50_000);
  });

  test("fails the build where the package has another layout", async () => {
    const other = join(dir, "node_modules/@alicloud/fc2");
    await mkdir(other, { recursive: true });
    await writeFile(join(other, "index.js"), "module.exports = class {};");
    const built = build({
      entryPoints: [join(other, "index.js")],
      bundle: true,
      write: false,
      plugins: [smallFc2],
      logLevel: "silent",
    });
    await expect(built).rejects.toThrow("@alicloud/fc2: It does not require axios.");
  });
});
