import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { bundle } from "../../scripts/bundle.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { functionContext, functionEnv, invokeCheck } from "../harness/invoke-function.ts";
import { runNode } from "../harness/run-process.ts";

/**
 * The budget of code that is parsed at the function's cold start. Before raising it, measure the cost
 * with `npm run bench`.
 */
const BUDGET = { bytes: 450_000, modules: 250 };

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-bundle-"));
});
afterAll(() => rm(dir, { recursive: true }));

describe("the function's bundle", () => {
  test("keeps to its budget", async () => {
    const { outputs } = await bundle("functions/check/index.ts", join(dir, "budget/index.js"));
    const [output] = Object.values(outputs);
    const modules = Object.keys(output?.inputs ?? {});
    expect(modules).not.toEqual([]);
    expect(modules.length).toBeLessThanOrEqual(BUDGET.modules);
    expect(output?.bytes).toBeLessThanOrEqual(BUDGET.bytes);
  });

  test("leaves to side files what only rules about resources need", async () => {
    const { inputs } = await bundle("functions/check/index.ts", join(dir, "depth/index.js"));
    const ofDepth =
      /^shared\/(?:rules\/resource-rules|run\/read-pages|alibaba\/(?:vpc-lists|ecs|sls))\.ts$/;
    for (const { path } of Object.values(inputs).flatMap(({ imports }) => imports)) {
      expect(path).not.toMatch(ofDepth);
    }
    expect(Object.keys(inputs)).toEqual(
      expect.arrayContaining([
        "side-file:shared/rules/resource-rules.ts",
        "side-file:shared/run/read-pages.ts",
      ]),
    );
    const files = await readdir(join(dir, "depth/lazy/shared"), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(["rules/resource-rules.js", "run/read-pages.js"]));
  });

  test("leaves to side files what only a run in parts needs", async () => {
    for (const [name, loaded] of [
      ["check", "side-file:shared/fan-out/fan-out.ts"],
      ["audit", "side-file:functions/audit/part-request.ts"],
    ] as const) {
      const { inputs } = await bundle(`functions/${name}/index.ts`, join(dir, `${name}/index.js`));
      const modules = Object.keys(inputs);
      expect(modules).toContain(loaded);
      expect(modules.filter((path) => path.startsWith("shared/fan-out/"))).toEqual([]);
      expect(modules.filter((path) => path.includes("@alicloud/fc2"))).toEqual([]);
    }
  });

  test("leaves to side files what only several accounts need", async () => {
    const { outputs } = await bundle("functions/check/index.ts", join(dir, "accounts/index.js"));
    const ofAccounts =
      /^shared\/(?:run\/accounts|fan-out)\/|^shared\/alibaba\/alibaba-organization/;
    const inBundle = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(inBundle.filter((path) => ofAccounts.test(path))).toEqual([]);
    expect(inBundle).toEqual(
      expect.arrayContaining([
        "side-file:shared/run/accounts/audit-organization.ts",
        "side-file:shared/alibaba/alibaba-organization.ts",
        "side-file:shared/fan-out/fan-out.ts",
      ]),
    );
  });

  test("leaves the words of another language to a side file", async () => {
    const { outputs } = await bundle("functions/audit/index.ts", join(dir, "words/index.js"));
    const [main, ...others] = Object.values(outputs).map(({ inputs }) => Object.keys(inputs));
    expect(main?.filter((path) => path.startsWith("shared/report/words/zh"))).toEqual([]);
    expect([main, others].flat(2)).toContain("side-file:shared/report/words/zh.ts");
  });

  test("is loaded without its side files", async () => {
    const file = join(inject("dist"), "check/index.js");
    const list = "require(process.argv[1]); console.log(Object.keys(require.cache).join())";
    const { stdout } = await runNode(["-e", list, file], { env: {} });
    expect(stdout.trim()).toBe(file);
  });

  test("needs none of them for an audit without trouble", async () => {
    const alone = join(dir, "index.js");
    await copyFile(join(inject("dist"), "check/index.js"), alone);
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    const context = functionContext(emulator);
    const { result } = await invokeCheck("", context, functionEnv(emulator), alone);
    expect(result?.summary).toMatchObject({ total: 1, compliant: 1 });
  });

  test("finds the one that it needs for an error in XML", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: true },
        "cn-b": { activated: true, fault: { kind: "xml-error" } },
      },
    });
    const { result } = await invokeCheck("", functionContext(emulator), functionEnv(emulator));
    expect(result?.findings).toMatchObject([
      { regionId: "cn-b", reason: { code: "SERVICE_ERROR" }, evidence: { httpStatus: 500 } },
    ]);
  });
});
