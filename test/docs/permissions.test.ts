import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { startEmulator } from "../emulator/emulator.ts";
import { auditEmulator } from "../harness/audit-emulator.ts";
import { blocksIn } from "../harness/markdown.ts";
import { runMain } from "../harness/run-main.ts";

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

describe("the guide to permissions", () => {
  const [shown = ""] = blocksIn("json", read("docs/permissions.md"));

  test("asks for exactly the permissions that an audit uses", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    await auditEmulator(emulator, { selectors: ["all"] });
    const used = emulator.requests
      .map(({ action }) => action)
      .filter((action) => action !== "GetCallerIdentity");
    const allowed = JSON.parse(shown).Statement.map(({ Action }: { Action: string }) => Action);
    expect(new Set(allowed)).toEqual(new Set(used.map((action) => `vpc:${action}`)));
  });

  test("shows the policy that flowlog-guard policy prints, and the file has it", async () => {
    const policy: unknown = JSON.parse((await runMain(["policy"])).stdout);
    expect(JSON.parse(shown)).toEqual(policy);
    expect(JSON.parse(read("docs/ram/policy.json"))).toEqual(policy);
  });
});

describe("the files for RAM", () => {
  test.each([
    ["policy-all-rules", ["--rules", "all"]],
    ["policy-enable", ["--enable"]],
    ["trust-policy", ["--trust"]],
  ])("%s is what flowlog-guard policy prints with %j", async (name, flags) => {
    const { stdout } = await runMain(["policy", ...flags]);
    expect(JSON.parse(read(`docs/ram/${name}.json`))).toEqual(JSON.parse(stdout));
  });
});
