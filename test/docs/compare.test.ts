import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { Report } from "../../shared/audit/report.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { COMPARISON_REGIONS } from "../harness/comparison-cloud.ts";
import { emulatorEnv, runCli } from "../harness/run-cli.ts";

const GUIDE = readFileSync(new URL("../../docs/compare.md", import.meta.url), "utf8");

test("the program says of the comparison's cloud what the guide says", async () => {
  const [command = ""] = /^flowlog-guard .*$/m.exec(GUIDE) ?? [];
  const [, ...args] = command.split(" ");
  await using emulator = await startEmulator({ regions: COMPARISON_REGIONS });
  const run = async (...more: readonly string[]) =>
    runCli([...args, ...more], emulatorEnv(emulator));

  const { exitCode, stdout } = await run("--format", "json");
  expect(exitCode).toBe(1);
  const { findings, summary }: Report = JSON.parse(stdout);
  const [, total, nonCompliant, unreadable] =
    /(\d+)\s+findings, of which (\d+) are not compliant and (\d+) could not be read/.exec(GUIDE) ??
    [];
  expect(summary).toMatchObject({
    total: Number(total),
    nonCompliant: Number(nonCompliant),
    insufficientData: Number(unreadable),
  });

  const seen = (region: string, rule: string): readonly string[] =>
    findings
      .filter(({ regionId, ruleId }) => regionId === region && ruleId === rule)
      .map(({ status, resource }) => [resource?.id, status].filter(Boolean).join(" "));
  const active = seen("cn-hangzhou", "vpc-flow-log-active");
  expect(active).toHaveLength(12);
  expect(active.filter((line) => !line.endsWith(" COMPLIANT"))).toEqual(["vpc-hz11 NON_COMPLIANT"]);
  expect(seen("cn-shanghai", "flow-log-service-activated")).toEqual(["NON_COMPLIANT"]);
  expect(seen("eu-central-1", "flow-log-service-activated")).toEqual(["INSUFFICIENT_DATA"]);
  expect(seen("eu-central-1", "vpc-flow-log-active")).toEqual(["INSUFFICIENT_DATA"]);
  expect(seen("ap-southeast-1", "vpc-flow-log-delivered")).toEqual(["vpc-sg0 NON_COMPLIANT"]);
  expect(seen("us-west-1", "vpc-flow-log-active")).toEqual(["vpc-us0 COMPLIANT"]);
});

test("the guide has a row for each region of the comparison's cloud", () => {
  const rows = [...GUIDE.matchAll(/^\| `([a-z0-9-]+-\d|[a-z]+-[a-z]+)` \|/gm)].map(([, id]) => id);
  expect(rows.filter((id) => id !== undefined && id in COMPARISON_REGIONS)).toEqual(
    Object.keys(COMPARISON_REGIONS),
  );
});
