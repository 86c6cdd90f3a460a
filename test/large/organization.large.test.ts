import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import type { Report } from "../../shared/audit/report.ts";
import { cliEnv } from "../harness/run-cli.ts";
import {
  accountIdsOf,
  EXTERNAL_ID,
  expectedCode,
  type OrganizationModel,
  regionIdsOf,
} from "./organization-model.ts";
import { type MeasuredResult, runMeasured } from "./run-measured.ts";
import { type EmulatedOrganization, startOrganization } from "./start-organization.ts";

const CONCURRENCY = 300;
const DEADLINE_MS = 300_000;
const MAX_PEAK_BYTES = 250 * 1_048_576;
/** What STS allows an account with everybody in it. */
const ROLE_CALLS_OF_ACCOUNT = 100;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-large-"));
});
afterAll(() => rm(dir, { recursive: true }));

interface Audit extends MeasuredResult {
  readonly report: Report;
  readonly text: string;
}

/** Audits an organization with the built command line. */
async function audit({ env, key }: EmulatedOrganization, ...flags: string[]): Promise<Audit> {
  const file = join(dir, "report.json");
  const result = await runMeasured(
    [join(inject("dist"), "cli/index.js"), "audit", "--output", file, ...flags],
    cliEnv({
      ...env,
      ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: String(key.securityToken),
    }),
  );
  const text = await readFile(file, "utf8");
  return { ...result, text, report: JSON.parse(text) };
}

/** Where a report does not say what the organization is made of; at most ten places. */
function deviationsOf({ findings }: Report, model: OrganizationModel): string[] {
  const codes = new Map(
    findings.map(({ accountId, regionId, reason }) => [`${accountId} ${regionId}`, reason.code]),
  );
  const deviations: string[] = [];
  for (const [account, accountId] of accountIdsOf(model).entries()) {
    for (const [region, regionId] of regionIdsOf(model).entries()) {
      const place = `${accountId} ${regionId}`;
      const expected = expectedCode(model, account, region);
      const code = codes.get(place);
      if (code !== expected) deviations.push(`${place}: ${code} instead of ${expected}`);
    }
  }
  return deviations.slice(0, 10);
}

test(
  "1,000 accounts with 30 regions each, with refused roles, throttling and a region that hangs",
  {
    timeout: 2 * DEADLINE_MS,
  },
  async () => {
    const model: OrganizationModel = { accounts: 1_000, regions: 30, hasFaults: true };
    await using organization = await startOrganization({ model });
    const startedMs = performance.now();
    const { report, exitCode, peakBytes } = await audit(
      organization,
      ...["--concurrency", String(CONCURRENCY), "--deadline", `${DEADLINE_MS}ms`],
      // Long enough for a busy machine: only the region that hangs takes all of it.
      ...["--timeout", "20s", "--attempt-timeout", "10s"],
    );
    expect(performance.now() - startedMs).toBeLessThan(DEADLINE_MS);
    expect(deviationsOf(report, model)).toEqual([]);
    expect(report.findings).toHaveLength(model.accounts * model.regions);
    expect(exitCode).toBe(1);
    const { roleCalls, mostRoleCallsInASecond, byAction } = await organization.traffic();
    expect(roleCalls).toBe(model.accounts);
    expect(mostRoleCallsInASecond).toBeLessThan(ROLE_CALLS_OF_ACCOUNT);
    expect(byAction).toMatchObject({ DescribeRegions: 1, ListAccounts: 10 });
    expect(peakBytes).toBeLessThan(MAX_PEAK_BYTES);
  },
);

test.each([10, 100])(
  "%d accounts: nothing is lost, and each role is assumed once",
  async (accounts) => {
    const model: OrganizationModel = { accounts, regions: 30, hasFaults: false };
    await using organization = await startOrganization({ model });
    const { report, exitCode } = await audit(organization, "--concurrency", String(CONCURRENCY));
    expect(deviationsOf(report, model)).toEqual([]);
    expect(exitCode).toBe(0);
    const { byAction } = await organization.traffic();
    expect(byAction["AssumeRole"]).toBe(accounts);
    // A busy machine may answer a few too late.
    const calls = (byAction["GetFlowLogServiceStatus"] ?? 0) / (accounts * model.regions);
    expect(calls).toBeGreaterThanOrEqual(1);
    expect(calls).toBeLessThan(1.05);
  },
);

test(
  "sessions that expire in the middle are renewed, and no finding is lost",
  {
    timeout: 120_000,
  },
  async () => {
    const model: OrganizationModel = { accounts: 60, regions: 30, hasFaults: false };
    await using organization = await startOrganization({ model, sessionMs: 4_000, slowMs: 300 });
    const { report, exitCode } = await audit(organization, "--concurrency", "60");
    expect(deviationsOf(report, model)).toEqual([]);
    expect(exitCode).toBe(0);
    const { roleCalls } = await organization.traffic();
    expect(roleCalls).toBeGreaterThan(model.accounts);
  },
);

describe("what STS repeats in an error is in no output", () => {
  test.each([
    { kind: "echo", status: 403, form: "json" },
    { kind: "echo", status: 500, form: "json" },
    { kind: "echo", status: 403, form: "text" },
    { kind: "reset" },
  ] as const)("%j", { timeout: 120_000 }, async (roleFault) => {
    const model: OrganizationModel = { accounts: 20, regions: 3, hasFaults: false };
    await using organization = await startOrganization({ model, roleFault });
    const { report, exitCode, stdout, stderr, text } = await audit(organization, "-v");
    expect(exitCode).toBe(2);
    expect(report.findings).toHaveLength(model.accounts * model.regions);
    const { accessKeyId, accessKeySecret, securityToken } = organization.key;
    for (const output of [stdout, stderr, text]) {
      for (const secret of [accessKeyId, accessKeySecret, securityToken, EXTERNAL_ID]) {
        expect(output).not.toContain(secret);
      }
    }
  });
});
