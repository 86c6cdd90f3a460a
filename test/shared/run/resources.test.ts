import { describe, expect, test } from "vitest";

import type { Verdict } from "../../../shared/audit/finding.ts";
import { CredentialsError } from "../../../shared/audit/run-error.ts";
import { readReport } from "../../../shared/report/read-report.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { type AuditOverrides, auditEmulator } from "../../harness/audit-emulator.ts";
import { BOX_TYPE, type Boxes, boxRule } from "../../harness/box-rule.ts";
import { evidenceOf } from "../../harness/evidence-of.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

const EVIDENCE = evidenceOf({ requestId: "R", endpoint: "box.example", httpStatus: 200 });

/** Audits regions in which the flow log service is activated. */
async function audit(regionIds: readonly string[], overrides: AuditOverrides) {
  const regions = regionIds.map((regionId) => [regionId, { activated: true }] as const);
  await using emulator = await startEmulator({ regions: Object.fromEntries(regions) });
  return await auditEmulator(emulator, overrides);
}

async function auditBoxes(world: Readonly<Record<string, Boxes>>, overrides: AuditOverrides = {}) {
  return audit(Object.keys(world), { rules: [...DEFAULT_RULES, boxRule(world)], ...overrides });
}

describe("a rule about resources", () => {
  test("gives a finding the remedy of its verdict, and others none", async () => {
    const remedy = { command: "aliyun box Shut --id box-1", terraform: null };
    const rule = boxRule({
      "cn-a": { "box-1": "open", "box-2": "shut" },
      "cn-b": { "box-1": "open" },
    });
    const mending: Rule = {
      ...rule,
      async evaluate(region, settings) {
        const verdicts = await rule.evaluate(region, settings);
        return verdicts.map((verdict) =>
          verdict.status === "NON_COMPLIANT" ? { ...verdict, remedy } : verdict,
        );
      },
    };
    const { findings } = await audit(["cn-a", "cn-b"], { rules: [mending] });
    expect(findings.map((finding) => [finding.status, finding.remedy])).toEqual([
      ["NON_COMPLIANT", remedy],
      ["COMPLIANT", undefined],
      ["NON_COMPLIANT", remedy],
    ]);
    expect(findings.map((finding) => Object.hasOwn(finding, "remedy"))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test("is a finding for each resource, or one about the region", async () => {
    const report = await auditBoxes({
      "cn-b": "SERVICE_ERROR",
      "cn-a": { "box-2": "open", "box-1": "shut", "box-3": "ACCESS_DENIED" },
      "cn-c": {},
    });
    const outline = report.findings.map(({ regionId, ruleId, resource, status, reason }) =>
      [regionId, ruleId, resource?.id ?? "-", status, reason.code].join(" "),
    );
    expect(outline).toEqual([
      "cn-a boxes-shut box-1 COMPLIANT SHUT",
      "cn-a boxes-shut box-2 NON_COMPLIANT OPEN",
      "cn-a boxes-shut box-3 INSUFFICIENT_DATA ACCESS_DENIED",
      "cn-a flow-log-service-activated - COMPLIANT ACTIVATED",
      "cn-b boxes-shut - INSUFFICIENT_DATA SERVICE_ERROR",
      "cn-b flow-log-service-activated - COMPLIANT ACTIVATED",
      "cn-c boxes-shut - NOT_APPLICABLE NO_BOXES",
      "cn-c flow-log-service-activated - COMPLIANT ACTIVATED",
    ]);
    expect(report.summary).toEqual({
      total: 8,
      compliant: 4,
      nonCompliant: 1,
      insufficientData: 2,
      notApplicable: 1,
      ignored: 0,
    });
    const regions = ["cn-a", "cn-b", "cn-c"];
    expect(report.scope).toEqual({ accounts: ["1234567890123456"], regions });
    expect(report.accounts).toEqual([{ id: "1234567890123456", regions, status: "audited" }]);
    expect(report.rules.map(({ id }) => id)).toEqual(["flow-log-service-activated", "boxes-shut"]);
  });

  test("has names that every reader of the report takes, whatever the owner has written", async () => {
    const boxes = boxRule({ "cn-a": { "box-1": "shut" } });
    const rule: Rule = {
      ...boxes,
      async evaluate(...asked) {
        const verdicts = await boxes.evaluate(...asked);
        const named = { type: BOX_TYPE, id: "box-1", name: "ops\n\u001b[2J 👩‍💻\u202e" };
        return verdicts.map((verdict): Verdict => ({ ...verdict, resource: named }));
      },
    };
    const report = await audit(["cn-a"], { rules: [rule] });
    expect(report.findings.map(({ resource }) => resource?.name)).toEqual(["ops [2J 👩💻"]);
    expect(readReport(JSON.parse(JSON.stringify(report)), [rule])).toHaveProperty("report");
  });

  test("has the resource with its name, and the evidence of its own exchange", async () => {
    const { findings } = await auditBoxes(
      { "cn-a": { "box-1": "shut", "box-2": "open", "box-3": "TIMEOUT" } },
      { rules: [boxRule({ "cn-a": { "box-1": "shut", "box-2": "open", "box-3": "TIMEOUT" } })] },
    );
    expect(findings.map(({ resource }) => resource)).toEqual(
      ["box-1", "box-2", "box-3"].map((id) => ({ type: BOX_TYPE, id, name: `name of ${id}` })),
    );
    const [first, second, third] = findings.map(({ evidence }) => evidence);
    expect(first).toMatchObject({ requestId: "LIST-cn-a", httpStatus: 200, attempts: 1 });
    expect(second).toBe(first);
    expect(third).toMatchObject({ requestId: "BOX-box-3", httpStatus: 503, attempts: 1 });
  });

  test("is exempt by resource", async () => {
    const exemption = {
      region: "cn-*",
      account: "*",
      rule: "boxes-shut",
      resource: "box-2",
      owner: "net-team",
      reason: "NET-42",
      expires: "2099-01-01",
      warnsFrom: "2098-12-25",
    };
    const report = await auditBoxes(
      { "cn-a": { "box-1": "open", "box-2": "open" } },
      { exemptions: [exemption] },
    );
    expect(report.findings.map(({ resource, status }) => [resource?.id, status])).toEqual([
      ["box-1", "NON_COMPLIANT"],
      ["box-2", "IGNORED"],
      [undefined, "COMPLIANT"],
    ]);
    expect(report.warnings).toBeUndefined();
  });

  test("reports its evaluations of a region together", async () => {
    const batches: string[] = [];
    await auditBoxes(
      { "cn-a": { "box-1": "open", "box-2": "shut" } },
      {
        concurrency: 1,
        onEvaluated: (evaluations) =>
          batches.push(evaluations.map(({ resource }) => resource?.id ?? "region").join(" ")),
      },
    );
    expect(batches.toSorted()).toEqual(["box-1 box-2", "region"]);
  });
});

describe("a rule that breaks its contract fails the run", () => {
  const box = (id: string): Verdict => ({
    status: "COMPLIANT",
    reason: { code: "SHUT", message: "" },
    evidence: EVIDENCE,
    resource: { type: BOX_TYPE, id },
  });
  const region: Verdict = {
    status: "COMPLIANT",
    reason: { code: "SHUT", message: "" },
    evidence: EVIDENCE,
  };
  test.each<[string, readonly Verdict[], string]>([
    ["without a verdict", [], "no verdict"],
    ["with two on the region", [region, region], "a verdict on the region beside others"],
    ["with both kinds", [box("box-1"), region], "a verdict on the region beside others"],
    [
      "with the same resource twice",
      [box("box-1"), box("box-2"), box("box-1")],
      "two verdicts on ACME::Box box-1",
    ],
  ])("%s", async (_what, verdicts, problem) => {
    const rule: Rule = { ...SAMPLE_RULE, evaluate: async () => verdicts };
    await expect(audit(["cn-a"], { rules: [rule] })).rejects.toThrow(
      `internal error: the rule sample-rule gives ${problem} in cn-a`,
    );
  });
});

describe("credentials that one region refuses are accepted by", () => {
  const refuses = { "cn-a": "CREDENTIALS_INVALID" } as const;

  test.each<[string, Boxes]>([
    ["a verdict, whatever its code", { "box-1": "shut" }],
    ["a region without resources", {}],
    ["a list, of which no resource could be read", { "box-1": "CREDENTIALS_INVALID" }],
    ["a denial of access", "ACCESS_DENIED"],
  ])("%s", async (_what, boxes) => {
    const world = { ...refuses, "cn-b": boxes };
    const caller = { accountId: "1", arn: null };
    const { findings } = await auditBoxes(world, { rules: [boxRule(world)], caller });
    expect(findings[0]?.reason.code).toBe("CREDENTIALS_INVALID");
  });

  test("DescribeRegions, where it was asked", async () => {
    const caller = { accountId: "1", arn: null };
    const overrides = { rules: [boxRule(refuses)], caller, selectors: ["all"] };
    const { findings } = await auditBoxes(refuses, overrides);
    expect(findings.map(({ reason }) => reason.code)).toEqual(["CREDENTIALS_INVALID"]);
  });

  test("no region, where nothing else was read", async () => {
    const world = { ...refuses, "cn-b": "SERVICE_ERROR" } as const;
    const caller = { accountId: "1", arn: null };
    await expect(auditBoxes(world, { rules: [boxRule(world)], caller })).rejects.toThrow(
      CredentialsError,
    );
  });
});
