import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { startDeployed } from "../../harness/audit-remotely.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { reportOf } from "../../harness/report-with.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import type { ProcessOptions } from "../../harness/run-process.ts";

const ACCOUNTS = 1_000;
const REGIONS = 30;

/** What the deployed function answers: more than 15 MB as the command line prints it. */
const REPORT = reportOf(
  organizationReport(
    Array.from({ length: ACCOUNTS }, (_, number) => ({
      id: number === 0 ? CALLER_ID : memberId(number),
      name: `account ${number}`,
      statuses: Array.from({ length: REGIONS }, (_each, region) =>
        (number + region * 7) % 997 === 0 ? ("NON_COMPLIANT" as const) : ("COMPLIANT" as const),
      ),
    })),
  ),
  new Date(),
);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ regions: {} });
});
afterAll(() => emulator[Symbol.asyncDispose]());

/** Prints the report of the deployed function. */
async function print(args: readonly string[], options: Omit<ProcessOptions, "env"> = {}) {
  const fault = { status: 200, body: JSON.stringify(REPORT) };
  await using deployed = await startDeployed(emulator, { fault });
  return await runCli(
    ["audit", "--remote", "--region", "cn-hangzhou", ...args],
    {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
      NODE_OPTIONS: "--max-old-space-size=250",
    },
    options,
  );
}

describe("a report of 1,000 accounts with 30 regions each, within 250 MB", () => {
  test("is printed as JSON to a pipe", async () => {
    const { exitCode, stdout, stderr } = await print(["--format", "json"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^flowlog-guard: 30000 regions of 1000 accounts, audited by acs:ram::/);
    expect(Buffer.byteLength(stdout)).toBeGreaterThan(15_000_000);
    expect(JSON.parse(stdout) as Report).toEqual({ ...REPORT, rules: expect.any(Array) });
  });

  test("is written to a file, and to --output", async () => {
    await using home = await homeFolder();
    const [piped, written] = [join(home.path, "piped.json"), join(home.path, "written.json")];
    await print(["--format", "json"], { stdout: piped });
    const { exitCode, stdout } = await print(["--output", written]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect((await stat(piped)).size).toBe((await stat(written)).size);
    expect(JSON.parse(await readFile(piped, "utf8"))).toMatchObject({ summary: REPORT.summary });
  });

  test("exits 1 where the reader closes the pipe, as with any other", async () => {
    const result = await print(["--format", "json"], { stdout: "closed" });
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^flowlog-guard: 30000 regions of 1000 accounts/),
    });
  });

  test("is a table with a line for each finding", async () => {
    const { exitCode, stdout } = await print([]);
    expect(exitCode).toBe(1);
    const [rows = ""] = stdout.split("\n\n");
    expect(rows.split("\n")).toHaveLength(ACCOUNTS * REGIONS + 1);
  });
});
