import { expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { runAt } from "../../harness/evidence-runs.ts";
import { reportWith } from "../../harness/report-with.ts";
import { emulatorEnv } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { trailedEvidence } from "../../harness/trailed-evidence.ts";

const RUNS = [runAt(reportWith(["COMPLIANT"]), new Date(Date.now() - 86_400_000).toISOString())];

test("ActionTrail that denies leaves the history, which is incomplete", async () => {
  await using evidence = await trailedEvidence(RUNS);
  await using emulator = await startEmulator({
    regions: {},
    faults: { LookupEvents: { kind: "denied" } },
  });
  const { exitCode, stdout, stderr } = await runMain(
    ["history", "--config", evidence.config],
    emulatorEnv(emulator),
  );
  expect([exitCode, stderr]).toEqual([2, ""]);
  expect(stdout).toContain("✔ COMPLIANT");
  expect(stdout).toMatch(
    /^Who changed flow logs\ncn-r0: ActionTrail could not be asked \(ACCESS_DENIED\): .*actiontrail:LookupEvents/m,
  );
});

test("without credentials the history says so, and is incomplete", async () => {
  await using evidence = await trailedEvidence(RUNS);
  const { exitCode, stdout } = await runMain(["history", "--config", evidence.config]);
  expect(exitCode).toBe(2);
  expect(stdout).toContain("✔ COMPLIANT");
  expect(stdout).toContain("ActionTrail could not be asked: ");
});

test("credentials of another account ask nothing", async () => {
  await using evidence = await trailedEvidence(RUNS);
  await using emulator = await startEmulator({ regions: {}, accountId: "1111111111111111" });
  const { exitCode, stdout } = await runMain(
    ["history", "--config", evidence.config, "--format", "json"],
    emulatorEnv(emulator),
  );
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout).trail).toMatchObject({
    accountId: "1111111111111111",
    otherAccounts: ["1234567890123456"],
    problem: "The credentials are those of account 1111111111111111, of which no run is kept.",
  });
  expect(emulator.requests.map(({ action }) => action)).toEqual(["GetCallerIdentity"]);
});

test("without actiontrail in the configuration nothing is asked", async () => {
  await using evidence = await trailedEvidence(RUNS);
  await using emulator = await startEmulator({ regions: {} });
  const env = {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_EVIDENCE: `file:${evidence.config.replace("flowlog-guard.yaml", "evidence/")}`,
  };
  const { exitCode, stdout } = await runMain(["history", "--format", "json"], env);
  expect([exitCode, JSON.parse(stdout).trail]).toEqual([0, null]);
  expect(emulator.requests).toEqual([]);
});
