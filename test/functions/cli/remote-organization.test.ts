import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { FunctionComputeSeed } from "../../emulator/function-compute.ts";
import { auditRemotely } from "../../harness/audit-remotely.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { organizationReport } from "../../harness/organization-report.ts";
import { reportOf } from "../../harness/report-with.ts";
import { runMain } from "../../harness/run-main.ts";
import {
  EXTERNAL_ID,
  MANAGEMENT,
  OLD,
  ORGANIZATION_VARIABLES,
  PROD,
  SAMPLE_ORGANIZATION,
  SECURITY,
  TEST,
} from "../../harness/sample-organization.ts";

/** Audits through the function of an organization. */
function audit(
  emulator: Emulator,
  args: readonly string[],
  overrides: Partial<FunctionComputeSeed> = {},
) {
  const functions = {
    "flowlog-guard-audit": (event: string) =>
      invokeAudit(event, functionContext(emulator), {
        ...functionEnv(emulator),
        ...ORGANIZATION_VARIABLES,
      }),
  };
  return auditRemotely(
    emulator,
    { functions, ...overrides },
    ["--format", "json", ...args],
    {},
    runMain,
  );
}

function accountsOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) {
  if (stdout === "") throw new Error(stderr);
  return (JSON.parse(stdout) as Report).accounts.map(({ id }) => id);
}

describe("audit --remote of an organization", () => {
  test("prints the report of every account that the function audits", async () => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const result = await audit(emulator, []);
    expect(result.exitCode).toBe(1);
    expect(accountsOf(result)).toEqual([SECURITY, PROD, TEST, OLD, MANAGEMENT]);
    expect(result.stderr).toContain(
      `8 regions of 4 accounts, 1 account skipped, audited by ${SECURITY}: `,
    );
    expect(result.stdout + result.stderr).not.toContain(EXTERNAL_ID);
  });

  test("passes --accounts on", async () => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    expect(accountsOf(await audit(emulator, ["--accounts", `prod,${TEST}`]))).toEqual([PROD, TEST]);
  });

  test("ends with what the function says of accounts that match nothing", async () => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const { exitCode, stderr } = await audit(emulator, ["--accounts", "prd-*"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('"prd-*" matches none of the 5 accounts');
  });

  test.each<[string, readonly string[], string]>([
    ["an account that was not asked for", ["--accounts", "prod"], "was not asked for"],
    ["no account that was", ["--accounts", `*,${TEST}`], `says nothing of the account ${TEST}`],
  ])("refuses a report of %s", async (_what, args, problem) => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const report = organizationReport([
      { id: SECURITY, name: "security", statuses: ["COMPLIANT"] },
      { id: PROD, name: "prod", statuses: ["COMPLIANT"] },
    ]);
    const fault = { status: 200, body: JSON.stringify(reportOf(report, new Date())) };
    const { exitCode, stdout, stderr } = await audit(emulator, args, { fault });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(problem);
  });

  test("refuses selectors that are wrong before the function is invoked", async () => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const { exitCode, stderr, invocations } = await audit(emulator, ["--accounts", "!prod"]);
    expect({ exitCode, invocations }).toEqual({ exitCode: 3, invocations: [] });
    expect(stderr).toContain("--accounts: only leaves accounts out");
  });
});
