import { describe, expect, test } from "vitest";

import type { Status } from "../../../../shared/audit/finding.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { summarizeRule } from "../../../../shared/audit/rule-card.ts";
import { formatOf } from "../../../../shared/report/formats.ts";
import { flowLogServiceActivated } from "../../../../shared/rules/flow-log-service-activated.ts";
import { vpcFlowLogActive } from "../../../../shared/rules/vpc-flow-log-active.ts";
import { hostileReport } from "../../../harness/hostile-report.ts";
import { HOSTILE_TEXTS } from "../../../harness/hostile-texts.ts";
import { manyFindings } from "../../../harness/many-findings.ts";
import { CALLER_ID, memberId, organizationReport } from "../../../harness/organization-report.ts";
import { reportWith } from "../../../harness/report-with.ts";
import { resourceReport } from "../../../harness/resource-report.ts";
import { SAMPLE_RULE } from "../../../harness/sample-rule.ts";
import { CARDS, runOf, type SarifRun, schemaErrors } from "./read-sarif.ts";

/** A report with one finding, which an exemption covers. */
function exempt(observed: Status): Report {
  const report = reportWith(["IGNORED"]);
  const agreed = { owner: "net-team", reason: "NET-42", expires: "2027-03-31", endsSoon: false };
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      reason: { code: "EXEMPT", message: "Exempt until 2027-03-31 (net-team: NET-42)." },
      exemption: { ...agreed, observed: { status: observed, reason: finding.reason } },
    })),
  };
}

describe("a finding", () => {
  test.each([
    ["NON_COMPLIANT", "fail", "error"],
    ["COMPLIANT", "pass", "none"],
    ["NOT_APPLICABLE", "notApplicable", "none"],
  ] as const)("that is %s is of kind %s, level %s", async (status, kind, level) => {
    const run = await runOf(reportWith([status]));
    expect(run.results).toMatchObject([
      {
        ruleId: "flow-log-service-activated",
        ruleIndex: 0,
        kind,
        level,
        message: { text: "What is the matter with cn-r0." },
        properties: { status, accountId: "1234567890123456", regionId: "cn-r0" },
      },
    ]);
    expect(run.results[0]).not.toHaveProperty("suppressions");
    expect(run.invocations[0].executionSuccessful).toBe(true);
  });

  test("that could not be read is no result, but an error of an execution that failed", async () => {
    const run = await runOf(reportWith(["COMPLIANT", "INSUFFICIENT_DATA"]));
    expect(run.results.map(({ properties }) => properties.regionId)).toEqual(["cn-r0"]);
    const [{ executionSuccessful, toolExecutionNotifications }] = run.invocations;
    expect(executionSuccessful).toBe(false);
    expect(toolExecutionNotifications).toMatchObject([
      {
        level: "error",
        descriptor: { id: "TIMEOUT" },
        associatedRule: { id: "flow-log-service-activated" },
        message: { text: "What is the matter with cn-r1." },
        properties: { regionId: "cn-r1" },
      },
    ]);
    expect(run.tool.driver.notifications.map(({ id }) => id)).toContain("TIMEOUT");
  });

  test.each([
    ["NON_COMPLIANT", "fail", "error"],
    ["COMPLIANT", "pass", "none"],
    ["INSUFFICIENT_DATA", "open", "none"],
  ] as const)(
    "that is exempt, and was observed %s, is suppressed",
    async (observed, kind, level) => {
      const run = await runOf(exempt(observed));
      expect(run.results).toMatchObject([
        {
          kind,
          level,
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: "net-team: NET-42 (until 2027-03-31)",
            },
          ],
        },
      ]);
      expect(run.invocations[0].executionSuccessful).toBe(true);
    },
  );

  test("is at the first line of the configuration, and where it is in the cloud", async () => {
    const report = resourceReport([{ id: "vpc-1", name: "prod" }]);
    const [result] = (await runOf(report)).results;
    expect(result?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "flowlog-guard.yaml" },
          region: { startLine: 1 },
        },
        logicalLocations: [
          {
            name: "prod",
            fullyQualifiedName: "1234567890123456/cn-hangzhou/ACS::VPC::VPC/vpc-1",
            kind: "resource",
          },
        ],
      },
    ]);
  });
});

describe("the identity of a finding", () => {
  const identities = async (report: Report): Promise<readonly string[]> =>
    (await runOf(report)).results.map(({ partialFingerprints }) =>
      JSON.stringify(partialFingerprints),
    );

  test("stays when its status, text, name and run change", async () => {
    const before = resourceReport([{ id: "vpc-1", name: "old" }]);
    const after = {
      ...resourceReport([
        { id: "vpc-1", name: "new", status: "COMPLIANT", code: "FLOW_LOG_ACTIVE" },
      ]),
      runId: "5e1f0b1e-0000-4000-8000-000000000002",
    };
    expect(await identities(before)).toEqual(await identities(after));
  });

  test("differs by rule, account, region and resource", async () => {
    const sketches = [
      { id: "vpc-1" },
      { id: "vpc-2" },
      { id: "vpc-1", regionId: "cn-beijing" },
      { id: "vpc-1", ruleId: "vpc-flow-log-complete" },
      { regionId: "cn-qingdao", code: "NOT_ACTIVATED" },
    ];
    const report = resourceReport(sketches);
    const other = report.findings.map((finding) => ({ ...finding, accountId: memberId(1) }));
    const all = await identities({ ...report, findings: [...report.findings, ...other] });
    expect(new Set(all).size).toBe(10);
    expect(all[0]).toMatch(
      /^\{"primaryLocationLineHash":"[0-9a-f]{16}:1","subjectHash\/v1":"[0-9a-f]{64}"\}$/,
    );
  });

  test("belongs to the category of the account that audits", async () => {
    const { automationDetails } = await runOf(reportWith(["COMPLIANT"]));
    expect(automationDetails).toEqual({
      id: "flowlog-guard/1234567890123456/5e1f0b1e-0000-4000-8000-000000000001",
      guid: "5e1f0b1e-0000-4000-8000-000000000001",
    });
    const unknown = await runOf({ ...reportWith(["COMPLIANT"]), caller: null, runId: "run" });
    expect(unknown.automationDetails).toEqual({ id: "flowlog-guard/unknown/run" });
  });
});

describe("a rule", () => {
  test("says what it proves of which control, and what it does not prove", async () => {
    const run = await runOf(reportWith(["NON_COMPLIANT"]));
    expect(run.tool.driver.rules).toMatchObject([
      {
        id: "flow-log-service-activated",
        shortDescription: { text: "VPC flow log service is activated" },
        fullDescription: {
          text: "COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded.",
        },
        helpUri: "https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs",
        defaultConfiguration: { level: "error" },
        relationships: ["2.5", "3.3"].map((id) => ({
          target: {
            id,
            toolComponent: { name: "CIS Alibaba Cloud Foundation Benchmark", index: 0 },
          },
          kinds: ["relevant", "precondition"],
        })),
        properties: { "security-severity": "9.5", controls: flowLogServiceActivated.controls },
      },
    ]);
    expect(run.tool.driver.rules[0]?.help.text).toContain("Activation cannot be undone.");
    expect(run.taxonomies).toEqual([
      {
        name: "CIS Alibaba Cloud Foundation Benchmark",
        version: "2.0.0",
        taxa: [{ id: "2.5" }, { id: "3.3" }],
        isComprehensive: false,
      },
    ]);
  });

  test("may have controls of one framework in both relations, and frameworks are listed once", async () => {
    const report = {
      ...resourceReport([{ id: "vpc-1" }]),
      rules: [SAMPLE_RULE, flowLogServiceActivated, vpcFlowLogActive].map(summarizeRule),
    };
    const run = await runOf(report, { cards: [...CARDS, SAMPLE_RULE] });
    expect(run.taxonomies).toMatchObject([
      { name: "ACME Baseline", version: "3.1", taxa: [{ id: "7" }, { id: "9.2" }] },
      { name: "CIS Alibaba Cloud Foundation Benchmark", taxa: [{ id: "2.5" }, { id: "3.3" }] },
    ]);
    expect(run.tool.driver.rules[0]).toMatchObject({
      defaultConfiguration: { level: "warning" },
      relationships: [
        { target: { id: "7" }, kinds: ["relevant", "implements"] },
        { target: { id: "9.2" }, kinds: ["relevant", "precondition"] },
      ],
      properties: { "security-severity": "5.5" },
    });
  });

  test("that this version does not know has no words of another", async () => {
    const run = await runOf(resourceReport([{ ruleId: "former-rule", id: "x" }], ["former-rule"]));
    expect(run.tool.driver.rules).toMatchObject([
      { id: "former-rule", fullDescription: { text: "COMPLIANT means: Title of former-rule." } },
    ]);
    expect(run.tool.driver.rules[0]).not.toHaveProperty("helpUri");
  });
});

describe("a run", () => {
  test("names accounts, and says which were skipped, and why it is not sure", async () => {
    const run = await runOf({
      ...organizationReport([
        { id: CALLER_ID, statuses: ["COMPLIANT"] },
        { id: memberId(1), name: "prod", statuses: ["NON_COMPLIANT"] },
        { id: memberId(2), name: "leaving" },
      ]),
      accountAssumed: true,
      managementAccountUnknown: true,
      warnings: ["The exemption ends soon."],
    });
    expect(run.results.map(({ properties }) => properties)).toMatchObject([
      { accountId: memberId(1), accountName: "prod", status: "NON_COMPLIANT" },
      { accountId: CALLER_ID, status: "COMPLIANT" },
    ]);
    const [{ toolExecutionNotifications, toolConfigurationNotifications }] = run.invocations;
    expect(toolExecutionNotifications).toMatchObject([
      { level: "warning", descriptor: { id: "ACCOUNT_ASSUMED" } },
      { level: "warning", descriptor: { id: "MANAGEMENT_ACCOUNT_UNKNOWN" } },
      {
        level: "warning",
        descriptor: { id: "BEING_DELETED" },
        properties: { accountId: memberId(2), accountName: "leaving" },
      },
    ]);
    expect(toolConfigurationNotifications).toMatchObject([
      { descriptor: { id: "CONFIGURATION" }, message: { text: "The exemption ends soon." } },
    ]);
    const described = run.tool.driver.notifications.map(({ id }) => id);
    for (const { descriptor } of [
      ...toolExecutionNotifications,
      ...toolConfigurationNotifications,
    ]) {
      expect(described).toContain(descriptor.id);
    }
  });

  test("keeps hostile names within their strings, and shows nothing that is invisible", async () => {
    const report = hostileReport();
    const text = await formatOf("sarif").render(report, { color: false, cards: CARDS });
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    const run = await runOf(report);
    expect(run.results).toHaveLength(2 * HOSTILE_TEXTS.length);
    const [{ toolExecutionNotifications }] = run.invocations;
    expect(toolExecutionNotifications).toHaveLength(HOSTILE_TEXTS.length);
    for (const { message, locations } of [...run.results, ...toolExecutionNotifications]) {
      const names = locations?.flatMap(({ logicalLocations }) => logicalLocations) ?? [];
      for (const shown of [message.text, ...names.map((name) => name.fullyQualifiedName)]) {
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        expect(shown.length).toBeLessThan(4_200);
      }
      expect(message.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(|(?<!\{)\{\d+\}/);
    }
    expect(
      new Set(run.results.map((result) => JSON.stringify(result.partialFingerprints))).size,
    ).toBe(run.results.length);
  });
});

describe("a file with too little room", () => {
  test.each([50_000, 1_000_000, 4_000_000])("is not longer than %i bytes", async (maxBytes) => {
    const few = manyFindings(6_000);
    const text = await formatOf("sarif").render(few, { color: false, cards: CARDS, maxBytes });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
    expect(Buffer.byteLength(text)).toBeGreaterThan(0.9 * maxBytes);
    const [run] = (JSON.parse(text) as { runs: [SarifRun] }).runs;
    const { leftOut } = run.properties as { leftOut: Partial<Record<Status, number>> };
    const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
    const unread = run.invocations[0].toolExecutionNotifications.length - 1;
    expect(run.results.length + unread + left).toBe(6_000);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    const hasCompliant = run.results.some(({ kind }) => kind === "pass");
    expect(Object.keys(leftOut).includes("NON_COMPLIANT") && hasCompliant).toBe(false);
  });
});

test("the schema refuses what is not SARIF", async () => {
  const run = await runOf(reportWith(["NON_COMPLIANT"]));
  const [result] = run.results;
  const logOf = (edited: object): object => ({
    version: "2.1.0",
    runs: [{ ...run, results: [{ ...result, ...edited }] }],
  });
  expect(schemaErrors(logOf({}))).toEqual([]);
  for (const edited of [{ level: "fatal" }, { kind: "bad" }, { message: {} }, { unknown: 1 }]) {
    expect(schemaErrors(logOf(edited))).not.toEqual([]);
  }
});
