import { readFileSync } from "node:fs";

import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { afterAll, describe, expect, test } from "vitest";

import type { Evidence, Status } from "../../../shared/audit/finding.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { junit } from "../../../shared/report/junit.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { askPython, hasPython } from "../../harness/python.ts";
import { reportWith } from "../../harness/report-with.ts";
import { resourceReport } from "../../harness/resource-report.ts";
import { HOSTILE_NAMES, reportNaming, shown } from "./hostile-report.ts";
import { withExemption } from "./with-exemption.ts";

const ALL_STATUSES: readonly Status[] = [
  ...(["COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"] as const),
  ...(["NOT_APPLICABLE", "IGNORED"] as const),
];

const schema = XmlDocument.fromBuffer(readFileSync(new URL("junit/junit-10.xsd", import.meta.url)));
const validator = XsdValidator.fromDoc(schema);
afterAll(() => {
  validator.dispose();
  schema.dispose();
});

async function render(report: Report): Promise<string> {
  return junit.render(report, { color: false, cards: DEFAULT_RULES });
}

/** Validates a document, and evaluates expressions of XPath in it, by their names. */
function ask<K extends string>(text: string, expressions: Readonly<Record<K, string>>) {
  const document = XmlDocument.fromString(text);
  try {
    validator.validate(document);
    const answers = Object.entries<string>(expressions).map(([name, expression]) => {
      const answer = document.eval(expression);
      return [name, Array.isArray(answer) ? answer.map(({ content }) => content) : answer];
    });
    return Object.fromEntries(answers) as Record<K, unknown>;
  } finally {
    document.dispose();
  }
}

/** What a run's attributes say, and how many elements there are of each kind. */
const COUNTS = {
  ...{ tests: "count(//testcase)", saidTests: "string(/testsuites/@tests)" },
  ...{ failures: "count(//failure)", saidFailures: "string(/testsuites/@failures)" },
  ...{ errors: "count(//error)", saidErrors: "string(/testsuites/@errors)" },
  ...{ skipped: "count(//skipped)", saidSkipped: "sum(//testsuite/@skipped)" },
  ...{ sumOfTests: "sum(//testsuite/@tests)", sumOfFailures: "sum(//testsuite/@failures)" },
  sumOfErrors: "sum(//testsuite/@errors)",
};

describe("a report as JUnit XML", () => {
  test("is this, byte for byte", async () => {
    expect(await render(reportWith(["COMPLIANT", "NON_COMPLIANT"]))).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="flowlog-guard" tests="2" failures="1" errors="0" time="1.200">
<testsuite id="0" name="1234567890123456" tests="2" failures="1" errors="0" skipped="0" timestamp="2026-11-22T08:00:00">
<properties>
<property name="run.id" value="5e1f0b1e-0000-4000-8000-000000000001"/>
<property name="run.startedAt" value="2026-11-22T08:00:00.000Z"/>
<property name="run.finishedAt" value="2026-11-22T08:00:01.200Z"/>
<property name="tool.version" value="0.1.0"/>
<property name="rule.flow-log-service-activated" value="COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded."/>
</properties>
<testcase classname="flow-log-service-activated" name="cn-r0" time="0.041">
<system-out>COMPLIANT, ACTIVATED: What is the matter with cn-r0.
endpoint: vpc.aliyuncs.com, HTTP status: 200, request id: REQUEST-0, attempts: 1, checked at: 2026-11-22T08:00:00.500Z</system-out>
</testcase>
<testcase classname="flow-log-service-activated" name="cn-r1" time="0.041">
<failure type="NOT_ACTIVATED" message="What is the matter with cn-r1.">What is the matter with cn-r1.
Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
aliyun vpc OpenFlowLogService --region cn-r1
https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs</failure>
<system-out>NON_COMPLIANT, NOT_ACTIVATED: What is the matter with cn-r1.
endpoint: vpc.aliyuncs.com, HTTP status: 200, request id: REQUEST-1, attempts: 1, checked at: 2026-11-22T08:00:00.500Z</system-out>
</testcase>
</testsuite>
</testsuites>
`,
    );
  });

  test("is valid by the schema of Jenkins, and its counts are those of the report", async () => {
    const answers = ask(await render(reportWith(ALL_STATUSES)), {
      ...COUNTS,
      passed: "//testcase[not(failure or error or skipped)]/@name",
      failed: "//testcase[failure]/@name",
      unreadable: "//testcase[error]/@name",
      left: "//testcase[skipped]/@name",
    });
    expect(answers).toEqual({
      ...{ tests: 6, saidTests: "6", sumOfTests: 6 },
      ...{ failures: 2, saidFailures: "2", sumOfFailures: 2 },
      ...{ errors: 1, saidErrors: "1", sumOfErrors: 1 },
      ...{ skipped: 2, saidSkipped: 2 },
      ...{ passed: ["cn-r0"], failed: ["cn-r1", "cn-r2"], unreadable: ["cn-r3"] },
      left: ["cn-r4", "cn-r5"],
    });
  });

  test.each([
    ['time="1.200"', 'time="1e-7"'],
    ['time="1.200"', 'time="-1.200"'],
    [' tests="6" failures="2" errors="1" skipped="2"', ""],
    ["<system-out>", "<other/><system-out>"],
  ])("would not be valid with %s replaced by %s", async (from, to) => {
    const text = await render(reportWith(ALL_STATUSES));
    expect(() => ask(text.replace(from, to), {})).toThrow(/./);
  });

  test("has a suite for each account, and one without tests for each that was skipped", async () => {
    const report = organizationReport([
      { id: CALLER_ID, name: "security", statuses: ["COMPLIANT"] },
      { id: memberId(1), name: "old" },
      { id: memberId(2), statuses: ["INSUFFICIENT_DATA", "NON_COMPLIANT"] },
    ]);
    const text = await render({ ...report, managementAccountUnknown: true, accountAssumed: true });
    const [first, second, skipped] = [CALLER_ID, memberId(2), memberId(1)];
    const property = (suite: string, name: string) =>
      `string(//testsuite[@name="${suite}"]/properties/property[@name="${name}"]/@value)`;
    expect(
      ask(text, {
        suites: "//testsuite/@name",
        ids: "//testsuite/@id",
        tests: "//testsuite/@tests",
        failures: "//testsuite/@failures",
        errors: "//testsuite/@errors",
        name: property(first, "account.name"),
        unnamed: property(second, "account.name"),
        why: property(skipped, "account.skipped"),
        run: property(skipped, "run.id"),
        unknown: property(first, "run.managementAccountUnknown"),
        assumed: property(first, "run.accountAssumed"),
      }),
    ).toEqual({
      suites: [first, second, skipped],
      ids: ["0", "1", "2"],
      tests: ["1", "2", "0"],
      failures: ["0", "1", "0"],
      errors: ["0", "1", "0"],
      ...{ name: "security", unnamed: "" },
      why: "BEING_DELETED: The account is being deleted.",
      run: report.runId,
      ...{ unknown: "true", assumed: "true" },
    });
  });

  test("says of an exempt finding whose exemption it is, until when, and what was observed", async () => {
    const report = withExemption(reportWith(["IGNORED"]), "2027-03-31");
    expect(
      ask(await render(report), {
        type: "string(//skipped/@type)",
        message: "string(//skipped/@message)",
        output: "substring-before(//system-out, ':')",
      }),
    ).toEqual({
      type: "EXEMPT",
      message:
        "Exempt until 2027-03-31. Owner: net-team. Reason: NET-42. Observed: NON_COMPLIANT, NOT_ACTIVATED: What is the matter with cn-r0.",
      output: "NON_COMPLIANT, NOT_ACTIVATED",
    });
  });

  test("names a resource's test by its id, and not by its name, which may change", async () => {
    const text = await render(
      resourceReport([
        { id: "vpc-1", name: "prod" },
        { ruleId: "vpc-flow-log-complete", id: "vpc-1" },
      ]),
    );
    const answers = ask(text, {
      names: "//testcase/@name",
      classes: "//testcase/@classname",
      output: "contains(//system-out, 'ACS::VPC::VPC vpc-1 prod')",
    });
    expect(answers).toEqual({
      names: ["cn-hangzhou vpc-1", "cn-hangzhou vpc-1"],
      classes: ["vpc-flow-log-active", "vpc-flow-log-complete"],
      output: true,
    });
  });

  test.each([
    [null, []],
    [0, ["0.000"]],
    [0.000_000_1, ["0.000"]],
    [-5, ["0.000"]],
    [4_000_000_000, ["4000000.000"]],
  ])("has a time that the schema takes for %s ms", async (durationMs, expected) => {
    const report = reportWith(["COMPLIANT"]);
    const findings = report.findings.map((finding) => {
      const evidence: Evidence = { ...finding.evidence, durationMs };
      return { ...finding, evidence };
    });
    expect(ask(await render({ ...report, findings }), { time: "//testcase/@time" })).toEqual({
      time: expected,
    });
  });
});

describe("in JUnit XML, no name breaks the document or the names of tests", () => {
  test.each(HOSTILE_NAMES.map((name) => [shown(name), name]))("%s", async (_shown, name) => {
    const report = reportNaming(name);
    const text = await render(report);
    const { names, classes, ...counts } = ask(text, {
      ...COUNTS,
      names: "//testcase/@name",
      classes: "//testcase/@classname",
    });
    expect(counts).toMatchObject({
      ...{ tests: 10, saidTests: "10", failures: 2, saidFailures: "2", errors: 2, saidErrors: "2" },
      ...{ skipped: 4, saidSkipped: 4 },
    });
    expect(new Set(names as string[]).size).toBe(10);
    expect(new Set(classes as string[])).toEqual(new Set(["flow-log-service-activated"]));
    expect(text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\uFFFE\uFFFF\u2028\u2029]/u);
  });
});

const hasReader = hasPython("xml.etree.ElementTree");
const READ = `
import json, sys
from xml.etree import ElementTree
for text in json.load(sys.stdin):
    cases = list(ElementTree.fromstring(text.encode()).iter("testcase"))
    assert len(cases) == 10, text
print("true")
`;

test.skipIf(!hasReader)("Python's parser of XML reads each of them (python3)", async () => {
  const texts = await Promise.all(HOSTILE_NAMES.map((name) => render(reportNaming(name))));
  expect(askPython(READ, JSON.stringify(texts))).toBe(true);
});
