import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";

import { runMain } from "../harness/run-main.ts";
import { evaluate, hasTerraform, runTerraform } from "../harness/terraform.ts";
import { MODULE, parseFiles, readFolder } from "./terraform-module.ts";

const ACCOUNT = "1234567890123456";
const DEFAULTS = {
  name: "flowlog-guard",
  account_id: ACCOUNT,
  region: "cn-hangzhou",
  rules: null,
  regions: null,
  organization_role: null,
  fan_out: false,
  state: null,
  evidence: null,
  schedule: "CRON_TZ=Asia/Shanghai 0 17 * * * *",
};
const STATE = { bucket: "my-state", prefix: "flowlog-guard/" };
const EVIDENCE = { bucket: "my-evidence", prefix: "" };

/** Asks the function's size, policies and variables of the module that computes them. */
function settingsFor(given: Readonly<Record<string, unknown>>) {
  return Object(
    evaluate(
      join(MODULE, "settings"),
      { ...DEFAULTS, ...given },
      "{ policy = local.policy, trust = local.trust, size = local.size, variables = merge(local.scope_variables, local.check_variables) }",
    ),
  );
}

const dir = mkdtempSync(join(tmpdir(), "flowlog-guard-terraform-"));
afterAll(() => rmSync(dir, { recursive: true }));
/** What only a file can say. */
const PARTS_FILE = join(dir, "parts.yaml");
writeFileSync(PARTS_FILE, "fanOut: { function: flowlog-guard-audit }\n");

describe.skipIf(!hasTerraform())("with terraform", () => {
  test.each([
    ["the defaults", {}],
    ["regions", { regions: ["cn-hangzhou", "cn-shanghai"] }],
    ["patterns", { regions: ["ap-*", "!ap-south-1"], rules: ["flow-log-retention"] }],
    ["all rules", { rules: ["all"] }],
    [
      "some rules",
      { rules: ["flow-log-retention", "vpc-flow-log-active"], regions: ["cn-beijing"] },
    ],
    ["a state", { state: STATE }],
    ["evidence", { state: STATE, evidence: EVIDENCE }],
    ["an organization", { organization_role: "flowlog-guard-audit", rules: ["all"] }],
    [
      "all",
      {
        organization_role: "other",
        fan_out: true,
        rules: ["all"],
        state: STATE,
        evidence: EVIDENCE,
      },
    ],
  ])("the policy is that of flowlog-guard policy for the same variables: %s", async (_, given) => {
    const { policy, trust, variables } = settingsFor(given);
    const env = Object.fromEntries(
      Object.entries<string | null>(variables).flatMap(([name, value]) =>
        value === null ? [] : [[name, value]],
      ),
    );
    const file = "fan_out" in given ? ["--config", PARTS_FILE] : [];
    const args = ["policy", "--quiet", "--account", ACCOUNT, ...file];
    const printed = await runMain(args, { ...env, DEPLOY_REGION: "cn-hangzhou" });
    expect(printed.stderr).toBe("");
    expect(policy).toEqual(JSON.parse(printed.stdout));
    const { stdout } = await runMain(["policy", "--trust"]);
    expect(trust).toEqual(JSON.parse(stdout));
  });

  test.each([
    ["s.yaml", "s.yaml", null],
    ["s.organization.yaml", "s.organization.yaml", "flowlog-guard-audit"],
  ])("the functions are of the size of %s", (_, file, organizationRole) => {
    const { size } = settingsFor({ organization_role: organizationRole });
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
    for (const { props } of Object.values<{ props: Record<string, unknown> }>(
      parseYaml(text).resources,
    )) {
      expect(size).toEqual({
        timeout: props["timeout"],
        memory_size: props["memorySize"],
        cpu: props["cpu"],
      });
    }
  });

  test("all files are formatted, and what needs no provider is valid", () => {
    expect(runTerraform(MODULE, ["fmt", "-check", "-recursive", "-diff"])).toMatchObject({
      stdout: "",
      exitCode: 0,
    });
    expect(runTerraform(join(MODULE, "settings"), ["validate", "-no-color"])).toMatchObject({
      exitCode: 0,
    });
  });

  test("the guide uses commands that terraform has, and variables that the example has", async () => {
    const guide = readFileSync(new URL("../../docs/infrastructure.md", import.meta.url), "utf8");
    const commands = [...guide.matchAll(/(?:^|`)terraform ([a-z]+)/gm)].map(
      ([, name = ""]) => name,
    );
    expect(new Set(commands)).toEqual(new Set(["init", "plan", "apply", "destroy"]));
    for (const command of new Set(commands)) {
      expect(runTerraform(MODULE, [command, "-help"])).toMatchObject({ exitCode: 0 });
    }
    const { variable } = await parseFiles(readFolder(join(MODULE, "examples/basic")));
    const set = [...guide.matchAll(/TF_VAR_(\w+)=/g)].map(([, name]) => name);
    expect(set).toEqual(Object.keys(Object(variable)));
  });
});
