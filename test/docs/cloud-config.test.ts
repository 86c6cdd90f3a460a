import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { evaluationTask } from "../../functions/audit/config-rule/evaluation-task.ts";
import { readConfigEvent } from "../../functions/audit/config-rule/read-config-event.ts";
import { readRuleParameters } from "../../functions/audit/config-rule/read-rule-parameters.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { answerConfigEvent } from "../harness/answer-config-event.ts";
import { runMain } from "../harness/run-main.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const GUIDE = read("docs/cloud-config.md");

const blocksOf = (language: string): string[] =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, text]) =>
    String(text),
  );
const [statement = "", event = ""] = blocksOf("json");
const [policy = "", variables = "", ...rules] = blocksOf("sh");

/** Runs a command of the guide with an `aliyun` that prints its arguments, and returns them as a map. */
async function argumentsOf(command: string): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "cloud-config-guide-"));
  try {
    const program = join(folder, "aliyun");
    writeFileSync(program, `#!/bin/sh\nfor a in "$@"; do printf '%s\\0' "$a"; done\n`);
    chmodSync(program, 0o755);
    const { stdout } = await promisify(execFile)("/bin/sh", ["-euc", `${variables}\n${command}`], {
      env: { PATH: `${folder}:${process.env["PATH"]}` },
    });
    const [product = "", operation = "", ...flags] = stdout.split("\0");
    const named = flags.flatMap((flag, index): [string, string][] =>
      flag.startsWith("--") ? [[flag.slice(2), flags[index + 1] ?? ""]] : [],
    );
    return new Map([["product", product], ["operation", operation], ...named]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the guide to Cloud Config", () => {
  test("shows the statement that policy --cloud-config adds, and the file has the whole", async () => {
    const [, ...args] = policy.trim().split(" ");
    const { stdout, exitCode } = await runMain(args);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).Statement.at(-1)).toEqual(JSON.parse(statement));
    expect(JSON.parse(read("docs/ram/policy-cloud-config.json"))).toEqual(JSON.parse(stdout));
  });

  test.each(rules.map((command) => [/--ConfigRuleName (\S+)/.exec(command)?.[1], command]))(
    "makes the rule %s with parameters that the function takes",
    async (_name, command = "") => {
      const given = await argumentsOf(command);
      expect(given.get("product")).toBe("config");
      expect(given.get("operation")).toMatch(/^Create(Aggregate)?ConfigRule$/);
      expect(Object.fromEntries(given)).toMatchObject({
        version: "2020-09-07",
        endpoint: "config.cn-shanghai.aliyuncs.com",
        SourceOwner: "CUSTOM_FC",
        SourceIdentifier: "acs:fc:cn-hangzhou:1234567890123456:functions/flowlog-guard-audit",
        RiskLevel: "1",
        MaximumExecutionFrequency: "TwentyFour_Hours",
      });
      const triggers = given.get("ConfigRuleTriggerTypes")?.split(",") ?? [];
      const resourceType = given.get("ResourceTypesScope") ?? "";
      const parameters = readRuleParameters(JSON.parse(given.get("InputParameters") ?? "{}"));
      const isOfVpcs = resourceType === "ACS::VPC::VPC";
      for (const messageType of triggers) {
        const sample = JSON.parse(event);
        sample.invokingEvent.messageType = messageType;
        sample.invokingEvent.configurationItem.resourceType = resourceType;
        if (isOfVpcs) {
          Object.assign(sample.invokingEvent.configurationItem, {
            resourceId: "vpc-1",
            regionId: "cn-hangzhou",
          });
        }
        const task = await evaluationTask(readConfigEvent(sample), parameters);
        expect(task.scope).toBe(isOfVpcs ? "vpc" : "account");
        expect(given.get("ConfigRuleName")).toContain(task.ruleId);
      }
      expect(triggers).toContain("ScheduledNotification");
    },
  );

  test("has four rules, one of them of an account group", () => {
    expect(rules).toHaveLength(4);
    expect(rules.filter((command) => command.includes("--AggregatorId"))).toHaveLength(1);
  });

  test("has an event that the function answers", async () => {
    await using emulator = await startEmulator({ regions: { "cn-hangzhou": { activated: true } } });
    const { error } = await answerConfigEvent(emulator, { event: JSON.parse(event) });
    expect(error).toBeNull();
    expect(emulator.compliance.statuses).toEqual({ "1234567890123456": "COMPLIANT" });
  });

  test("names every parameter, and no other", () => {
    const [, section = ""] = /^## Parameters\n(.*?)^## /ms.exec(GUIDE) ?? [];
    const rows = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const known = () => readRuleParameters({ unknown: "x" });
    expect(known).toThrow(`those known are ${rows.join(", ")}`);
  });

  test("quotes messages that the code has", () => {
    const [, section = ""] = /^## Try it\n(.*?)^## /ms.exec(GUIDE) ?? [];
    const quoted = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text]) => String(text));
    const code = [
      "functions/audit/config-rule/config-of-task.ts",
      "functions/audit/config-rule/evaluation-task.ts",
      "functions/check/check-event.ts",
      "shared/alibaba/cloud-config.ts",
      "shared/alibaba/sdk/classify-answer.ts",
    ]
      .map(read)
      .join("\n")
      .replaceAll("${ACCOUNT_TYPE}", "ACS::::Account")
      .replaceAll("${VPC_TYPE}", "ACS::VPC::VPC")
      .replaceAll("${action}", "config:PutEvaluations");
    expect(quoted).toHaveLength(5);
    for (const text of quoted) expect(code).toContain(text);
  });

  test("links to what is there", () => {
    const links = [...GUIDE.matchAll(/\]\(([^):]+)\)/g)].map(([, link]) => String(link));
    for (const link of links) {
      const [path = "", anchor] = link.split("#");
      const text = path === "" ? GUIDE : read(join("docs", path));
      const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        String(heading)
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, "")
          .replaceAll(" ", "-"),
      );
      if (path.endsWith(".json")) JSON.parse(text);
      expect(anchor === undefined || headings.includes(anchor)).toBe(true);
    }
  });
});
