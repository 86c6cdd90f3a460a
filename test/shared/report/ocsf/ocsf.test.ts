import { describe, expect, test } from "vitest";

import type { Finding, Status } from "../../../../shared/audit/finding.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { summarizeRule } from "../../../../shared/audit/rule-card.ts";
import { ocsf } from "../../../../shared/report/ocsf.ts";
import { RESOURCE_RULES } from "../../../../shared/rules/resource-rules.ts";
import { DEFAULT_RULES } from "../../../../shared/rules/rules.ts";
import { vpcFlowLogActive } from "../../../../shared/rules/vpc-flow-log-active.ts";
import { hostileReport } from "../../../harness/hostile-report.ts";
import { HOSTILE_TEXTS } from "../../../harness/hostile-texts.ts";
import { CALLER_ID, memberId, organizationReport } from "../../../harness/organization-report.ts";
import { reportWith } from "../../../harness/report-with.ts";
import { resourceReport } from "../../../harness/resource-report.ts";
import { asSample, SAMPLE_RULE } from "../../../harness/sample-rule.ts";
import { eventProblems } from "./event-problems.ts";

const CARDS = [...DEFAULT_RULES, ...RESOURCE_RULES, SAMPLE_RULE];

interface Event {
  readonly time: number;
  readonly metadata: { readonly uid: string; readonly correlation_uid: string };
  readonly finding_info: { readonly uid: string };
  readonly raw_data: string;
  readonly [name: string]: unknown;
}

/** The events of a report, which the schema accepts. */
async function eventsOf(report: Report): Promise<readonly Event[]> {
  const text = await ocsf.render(report, { color: false, cards: CARDS });
  const events = JSON.parse(text) as readonly Event[];
  const lines = text.split("\n").slice(1, -2);
  const read = lines.map((line) => JSON.parse(line.replace(/,$/, "")) as Event);
  expect(read).toEqual(events);
  for (const event of events) expect(eventProblems(event)).toEqual([]);
  return events;
}

function exempted(finding: Finding, observed: Status): Finding {
  const { reason } = finding;
  const agreed = { owner: "net-team", reason: "NET-42", expires: "2027-03-31", endsSoon: false };
  return {
    ...finding,
    status: "IGNORED",
    reason: { code: "EXEMPT", message: "Exempt until 2027-03-31 (net-team: NET-42)." },
    exemption: { ...agreed, observed: { status: observed, reason } },
  };
}

describe("the status", () => {
  test.each([
    ["COMPLIANT", 1, "Pass", 1],
    ["NON_COMPLIANT", 3, "Fail", 5],
    ["INSUFFICIENT_DATA", 0, "Unknown", 0],
    ["NOT_APPLICABLE", 99, "Not Applicable", 1],
  ] as const)("of %s is %i, %s, severity %i", async (status, id, caption, severity) => {
    expect(await eventsOf(reportWith([status]))).toMatchObject([
      {
        class_uid: 2003,
        type_uid: 200301,
        status_id: 1,
        severity_id: severity,
        message: "What is the matter with cn-r0.",
        compliance: {
          status_id: id,
          status: caption,
          status_details: ["What is the matter with cn-r0."],
        },
        unmapped: { status },
      },
    ]);
  });

  test.each([
    ["COMPLIANT", 1, 1],
    ["NON_COMPLIANT", 3, 5],
    ["INSUFFICIENT_DATA", 0, 0],
  ] as const)(
    "of an exempt finding is suppressed, and what was observed: %s",
    async (observed, id, severity) => {
      const report = reportWith(["IGNORED"]);
      const findings = report.findings.map((finding) => exempted(finding, observed));
      expect(await eventsOf({ ...report, findings })).toMatchObject([
        {
          status_id: 3,
          status: "Suppressed",
          status_code: "EXEMPT",
          severity_id: severity,
          compliance: { status_id: id, status_code: "NOT_ACTIVATED" },
          unmapped: { status: "IGNORED", exemption: { owner: "net-team", expires: "2027-03-31" } },
        },
      ]);
    },
  );

  test("of a finding that is exempt in a report that does not say more is not known", async () => {
    expect(await eventsOf(reportWith(["IGNORED"]))).toMatchObject([
      { status_id: 3, severity_id: 0, compliance: { status_id: 0 } },
    ]);
  });
});

describe("an event", () => {
  test("is of a time in milliseconds: when the answer arrived, or else when the run ended", async () => {
    const report = reportWith(["COMPLIANT", "INSUFFICIENT_DATA"]);
    const findings = report.findings.map((finding, index) => ({
      ...finding,
      evidence: index === 0 ? finding.evidence : { ...finding.evidence, checkedAt: null },
    }));
    const events = await eventsOf({ ...report, findings });
    expect(events.map(({ time }) => new Date(time).toISOString())).toEqual([
      "2026-11-22T08:00:00.500Z",
      report.finishedAt,
    ]);
  });

  test("is whole: a VPC without a flow log, and how to create one", async () => {
    const report = resourceReport([{ id: "vpc-1", name: "prod" }]);
    const rules = [summarizeRule(vpcFlowLogActive)];
    const [event] = await eventsOf({ ...report, rules });
    expect(event).toMatchObject({
      severity: "High",
      cloud: {
        provider: "Alibaba Cloud",
        region: "cn-hangzhou",
        account: { uid: "1234567890123456", type_id: 99, type: "Alibaba Cloud Account" },
      },
      compliance: {
        control: "vpc-flow-log-active",
        standards: ["CIS Alibaba Cloud Foundation Benchmark 2.0.0"],
        requirements: [
          "CIS Alibaba Cloud Foundation Benchmark 2.0.0 control 2.5 (implements)",
          "CIS Alibaba Cloud Foundation Benchmark 2.0.0 control 3.3 (implements)",
        ],
      },
      resources: [
        {
          uid: "acs:vpc:cn-hangzhou:1234567890123456:vpc/vpc-1",
          uid_alt: "vpc-1",
          name: "prod",
          type: "ACS::VPC::VPC",
          region: "cn-hangzhou",
        },
      ],
      metadata: {
        version: "1.6.0",
        profiles: ["cloud"],
        product: { name: "flowlog-guard", vendor_name: "flowlog-guard", version: "0.1.0" },
        correlation_uid: report.runId,
      },
      remediation: { desc: expect.stringMatching(/^Run: aliyun vpc CreateFlowLog .*vpc-1/) },
    });
    expect(JSON.parse(event?.raw_data ?? "")).toEqual(report.findings[0]);
  });

  test("names no standard of which the rule is only a precondition", async () => {
    const [event] = await eventsOf(reportWith(["COMPLIANT"]));
    expect(event?.["compliance"]).toMatchObject({
      requirements: [
        "CIS Alibaba Cloud Foundation Benchmark 2.0.0 control 2.5 (precondition)",
        "CIS Alibaba Cloud Foundation Benchmark 2.0.0 control 3.3 (precondition)",
      ],
    });
    expect(event?.["compliance"]).not.toHaveProperty("standards");
    expect(event?.finding_info).toMatchObject({
      desc: expect.stringMatching(
        /^COMPLIANT means: .* a precondition of .*\. It does not prove that a flow log exists/,
      ),
    });
    expect(event).not.toHaveProperty("remediation");
  });

  test("is about the region where a rule judges it as a whole", async () => {
    const [event] = await eventsOf(reportWith(["COMPLIANT"]));
    expect(event?.["resources"]).toEqual([
      { uid: "1234567890123456/cn-r0", name: "cn-r0", type: "Region", region: "cn-r0" },
    ]);
  });

  test("has an id of its own in each run, and the finding keeps its id", async () => {
    const before = await eventsOf(resourceReport([{ id: "vpc-1", name: "old" }]));
    const after = await eventsOf({
      ...resourceReport([{ id: "vpc-1", name: "new", status: "COMPLIANT" }]),
      runId: "another",
    });
    expect(after[0]?.finding_info.uid).toBe(before[0]?.finding_info.uid);
    expect(after[0]?.metadata).toMatchObject({ correlation_uid: "another" });
    expect(after[0]?.metadata.uid).not.toBe(before[0]?.metadata.uid);
  });

  test("has ids that no other event of the run has", async () => {
    const report = organizationReport([
      { id: CALLER_ID, statuses: ["COMPLIANT", "NON_COMPLIANT"] },
      { id: memberId(1), name: "prod", statuses: ["COMPLIANT", "INSUFFICIENT_DATA"] },
    ]);
    const events = await eventsOf(report);
    expect(new Set(events.map(({ finding_info: { uid } }) => uid)).size).toBe(4);
    expect(new Set(events.map(({ metadata: { uid } }) => uid)).size).toBe(4);
    expect(events.map((event) => event["cloud"])).toMatchObject([
      { account: { uid: CALLER_ID } },
      { account: { uid: CALLER_ID } },
      { account: { uid: memberId(1), name: "prod" } },
      { account: { uid: memberId(1), name: "prod" } },
    ]);
  });

  test("of a rule that this version does not know has no words of another", async () => {
    const report = resourceReport([{ ruleId: "former-rule", id: "x" }], ["former-rule"]);
    expect(await eventsOf(report)).toMatchObject([
      { severity: "High", remediation: { desc: "What is the matter with x." } },
    ]);
    expect(await eventsOf({ ...report, rules: [] })).toMatchObject([
      { severity: "Unknown", finding_info: { title: "former-rule" } },
    ]);
  });

  test("of a rule of another kind of resource has the id that only this account has", async () => {
    const report = reportWith(["NON_COMPLIANT"]);
    const findings = report.findings.map((finding) => asSample(finding));
    const rules = [summarizeRule(SAMPLE_RULE)];
    expect(await eventsOf({ ...report, rules, findings })).toMatchObject([
      {
        resources: [
          { uid: "1234567890123456/cn-r0/ACME::Lab::Sample/s-cn-r0", uid_alt: "s-cn-r0" },
        ],
        compliance: { standards: ["ACME Baseline 3.1"] },
      },
    ]);
  });
});

test("hostile names stay within their strings", async () => {
  const report = hostileReport();
  const events = await eventsOf(report);
  expect(events).toHaveLength(3 * HOSTILE_TEXTS.length);
  const text = await ocsf.render(report, { color: false, cards: CARDS });
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
});

test("a report of nothing is an empty array", async () => {
  expect(await eventsOf({ ...reportWith([]), findings: [] })).toEqual([]);
});

describe("the check of events by the schema", () => {
  const edit = (event: Event, edits: object): object => ({ ...event, ...edits });
  const inside = (event: Event, name: string, edits: object): object => ({
    ...event,
    [name]: { ...(event[name] as object), ...edits },
  });

  test.each<[string, (event: Event) => unknown]>([
    ["another class", (event) => edit(event, { class_uid: 9 })],
    ["an activity of another type", (event) => edit(event, { type_uid: 200399 })],
    ["no time", (event) => edit(event, { time: undefined })],
    ["a time in seconds", (event) => edit(event, { time: Math.round(event.time / 1000) })],
    ["a time as text", (event) => edit(event, { time: "2026-11-22T08:00:00Z" })],
    ["an unknown attribute", (event) => edit(event, { severitty: "High" })],
    ["an unknown severity", (event) => edit(event, { severity_id: 7 })],
    ["the caption of another severity", (event) => edit(event, { severity: "Low" })],
    ["a resource in place of resources", (event) => edit(event, { resource: { uid: "x" } })],
    ["resources that are no array", (event) => edit(event, { resources: { uid: "x" } })],
    ["a resource without id and name", (event) => edit(event, { resources: [{ type: "x" }] })],
    ["a status that is no number", (event) => inside(event, "compliance", { status_id: "Pass" })],
    ["a deprecated detail", (event) => inside(event, "compliance", { status_detail: "x" })],
    ["a remediation without words", (event) => edit(event, { remediation: {} })],
    ["a cloud without its provider", (event) => edit(event, { cloud: { region: "cn-hangzhou" } })],
    ["a cloud without its profile", (event) => inside(event, "metadata", { profiles: [] })],
    ["a profile without its cloud", (event) => edit(event, { cloud: undefined })],
    ["another version", (event) => inside(event, "metadata", { version: "1.5.0" })],
    ["a finding without id", (event) => inside(event, "finding_info", { uid: undefined })],
    ["another profile's attribute", (event) => edit(event, { device: { type_id: 0 } })],
    ["no event", () => null],
  ])("refuses %s", async (_what, mutate) => {
    const [event] = await eventsOf(reportWith(["NON_COMPLIANT"]));
    if (event === undefined) throw new Error("no event");
    expect(eventProblems(mutate(event))).not.toEqual([]);
  });
});
