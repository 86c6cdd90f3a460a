import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { checksOf } from "../../../functions/cli/commands/doctor/checks.ts";
import { doctorReport } from "../../../functions/cli/commands/doctor/doctor-report.ts";
import { ok } from "../../../functions/cli/commands/doctor/outcome.ts";
import { DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { DIRECT } from "../../harness/direct.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { blocksIn } from "../../harness/markdown.ts";
import { emulatorEnv } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { callsOf } from "../../harness/shell-commands.ts";

const GUIDE = readFileSync(new URL("../../../docs/doctor.md", import.meta.url), "utf8");

test("the guide has a row for every check, and for no other", async () => {
  const url = "https://hooks.example.com/x";
  const everything = {
    ...DEFAULT_CONFIG,
    organization: { ...DEFAULT_CONFIG.organization, roleName: "auditor" },
    evidence: { kind: "file", path: "e/" },
    actiontrail: true,
    heartbeat: url,
  } as const;
  const rules = await loadRules(RULE_IDS);
  const env = { NODE_EXTRA_CA_CERTS: "/ca.pem", DEPLOY_REGION: "cn-hangzhou" };
  const receivers = [{ type: "webhook", name: "NAME", url }] as const;
  const alerts = { ...everything.alerts, receivers };
  const checks = [
    ...checksOf(everything, rules, env, DIRECT),
    ...checksOf({ ...everything, alerts }, rules, env, DIRECT),
  ];
  const [, table = ""] = /## The checks(.*?)What it does not say/s.exec(GUIDE) ?? [];
  const rows = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, id]) => String(id)),
  );
  expect(new Set(rows)).toEqual(new Set(checks.map(({ id }) => id)));
});

test("the guide has every key of the JSON, and no other", () => {
  const results = [{ id: "program", title: "Program", durationMs: 1, ...ok("Is there.") }];
  const report = doctorReport(results, new Date());
  const [block = "{}"] = blocksIn("json", GUIDE);
  const example = JSON.parse(block);
  expect(Object.keys(example)).toEqual(Object.keys(report));
  expect(Object.keys(example.checks[0])).toEqual(Object.keys(report.checks[0] ?? {}));
  expect(Object.keys(example.summary)).toEqual(Object.keys(report.summary));
});

test("every command of the guide works", async () => {
  await using emulator = await startEmulator({ regions: { "cn-hangzhou": { activated: true } } });
  const { accessKeyId, accessKeySecret } = emulator.world.keys[0] ?? {};
  const profile = { name: "prod", mode: "AK", access_key_id: accessKeyId };
  const profiles = [{ ...profile, access_key_secret: accessKeySecret }];
  await using home = await homeFolder({ ".aliyun/config.json": { current: "prod", profiles } });
  const {
    ALIBABA_CLOUD_ACCESS_KEY_ID: _id,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: _secret,
    ...env
  } = emulatorEnv(emulator);
  const calls = blocksIn("sh", GUIDE).flatMap((script) => callsOf("flowlog-guard", script));
  expect(calls).toHaveLength(6);
  for (const args of calls) {
    const { exitCode, stderr } = await runMain(args, { ...env, HOME: home.path });
    expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: "" });
  }
});
