import Papa from "papaparse";
import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { csv } from "../../../shared/report/csv.ts";
import { CSV_COLUMNS } from "../../../shared/report/csv/columns.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { askPython, hasPython } from "../../harness/python.ts";
import { reportWith } from "../../harness/report-with.ts";
import { resourceReport } from "../../harness/resource-report.ts";
import { HOSTILE_NAMES, reportNaming, shown } from "./hostile-report.ts";
import { withExemption } from "./with-exemption.ts";

type Row = Readonly<Record<string, string>>;

async function render(report: Report): Promise<string> {
  return csv.render(report, { color: false, cards: DEFAULT_RULES });
}

/** The rows as a reader that nobody here wrote takes them. */
async function rowsOf(report: Report): Promise<readonly Row[]> {
  const { data, errors, meta } = Papa.parse<Row>(await render(report), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  expect(meta.fields).toEqual(CSV_COLUMNS);
  return data;
}

describe("a report as CSV", () => {
  test("is this, byte for byte", async () => {
    expect(await render(reportWith(["NON_COMPLIANT"]))).toBe(
      [
        "\uFEFFaccount_id,account_name,region,region_name,rule,rule_title,severity,resource_type,resource_id,resource_name,status,reason_code,message,observed_status,observed_reason_code,exemption_owner,exemption_reason,exemption_expires,remedy_command,console_url,controls,compliant_means,checked_at,request_id,endpoint,http_status,attempts,duration_ms,run_id,run_started_at,run_finished_at,tool_version,account_assumed",
        '"\t1234567890123456",,cn-r0,,flow-log-service-activated,VPC flow log service is activated,critical,,,,NON_COMPLIANT,NOT_ACTIVATED,What is the matter with cn-r0.,NON_COMPLIANT,NOT_ACTIVATED,,,,aliyun vpc OpenFlowLogService --region cn-r0,https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs,CIS Alibaba Cloud Foundation Benchmark 2.0.0 2.5 (precondition); CIS Alibaba Cloud Foundation Benchmark 2.0.0 3.3 (precondition),"COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded.",2026-11-22T08:00:00.500Z,REQUEST-0,vpc.aliyuncs.com,200,1,41,5e1f0b1e-0000-4000-8000-000000000001,2026-11-22T08:00:00.000Z,2026-11-22T08:00:01.200Z,0.1.0,',
        "",
      ].join("\r\n"),
    );
  });

  test("has the header alone, with its mark, where there is no finding", async () => {
    const text = await render(reportWith([]));
    expect(text).toBe(`\uFEFF${CSV_COLUMNS.join(",")}\r\n`);
  });

  test("keeps the report's order, so that two files can be compared", async () => {
    const report = reportWith(["COMPLIANT", "INSUFFICIENT_DATA", "NON_COMPLIANT"]);
    expect((await rowsOf(report)).map(({ region }) => region)).toEqual(["cn-r0", "cn-r1", "cn-r2"]);
  });

  test("says what an exemption covers, whose it is and until when", async () => {
    expect(await rowsOf(withExemption(reportWith(["IGNORED"]), "2027-03-31"))).toMatchObject([
      {
        status: "IGNORED",
        reason_code: "EXEMPT",
        observed_status: "NON_COMPLIANT",
        observed_reason_code: "NOT_ACTIVATED",
        exemption_owner: "net-team",
        exemption_reason: "NET-42",
        exemption_expires: "2027-03-31",
        remedy_command: "",
        console_url: "",
      },
    ]);
  });

  test("leaves empty what does not exist", async () => {
    const report = reportWith(["INSUFFICIENT_DATA"]);
    const evidence = {
      requestId: null,
      endpoint: null,
      httpStatus: null,
      attempts: 0,
      checkedAt: null,
      durationMs: null,
    };
    const findings = report.findings.map((finding) => ({ ...finding, evidence }));
    expect(await rowsOf({ ...report, findings })).toMatchObject([
      {
        ...{ request_id: "", endpoint: "", http_status: "", checked_at: "", duration_ms: "" },
        attempts: "0",
      },
    ]);
  });

  test("has a resource's type, id and name", async () => {
    expect(await rowsOf(resourceReport([{ id: "vpc-1", name: "prod, old" }]))).toMatchObject([
      { resource_type: "ACS::VPC::VPC", resource_id: "vpc-1", resource_name: "prod, old" },
    ]);
  });

  test("names accounts, and has a row that is no finding for each that was skipped", async () => {
    const report = organizationReport([
      { id: CALLER_ID, name: "security", statuses: ["COMPLIANT"] },
      { id: memberId(1), name: "old" },
    ]);
    const [audited, skipped, unknown, ...others] = await rowsOf({
      ...report,
      managementAccountUnknown: true,
    });
    expect(audited).toMatchObject({ account_id: `\t${CALLER_ID}`, account_name: "security" });
    expect(skipped).toMatchObject({
      account_id: `\t${memberId(1)}`,
      account_name: "old",
      status: "SKIPPED",
      reason_code: "BEING_DELETED",
      observed_status: "",
      rule: "",
      region: "",
    });
    expect(unknown).toMatchObject({
      account_id: "\tunknown",
      status: "SKIPPED",
      reason_code: "MANAGEMENT_ACCOUNT_UNKNOWN",
    });
    expect(others).toEqual([]);
  });

  test("says where the account is assumed", async () => {
    const report = reportWith(["COMPLIANT"]);
    expect(await rowsOf({ ...report, accountAssumed: true })).toMatchObject([
      { account_assumed: "true" },
    ]);
  });

  test("has every finding of the report, whatever is to be shown elsewhere", async () => {
    const report = reportWith(["COMPLIANT", "NON_COMPLIANT"]);
    const options = { color: false, cards: DEFAULT_RULES };
    expect(await csv.render(report, { ...options, only: ["COMPLIANT"], maxBytes: 10 })).toBe(
      await csv.render(report, options),
    );
  });
});

describe("in a CSV file, no name begins a formula or a line", () => {
  test.each(HOSTILE_NAMES.map((name) => [shown(name), name]))("%s", async (_shown, name) => {
    for (const report of [reportNaming(name), reportNaming(name, name)]) {
      const rows = await rowsOf(report);
      expect(rows).toHaveLength(report.findings.length + 1);
      for (const { account_id: accountId = "", ...cells } of rows) {
        expect(accountId).toMatch(/^\t([^=+\-@\t\r＝＋－＠]|$)/);
        for (const cell of Object.values(cells)) {
          expect(cell).not.toMatch(/^\s*[=+\-@\t\r＝＋－＠]/);
          // Where `;` divides the cells of a line.
          expect(cell).not.toMatch(/;[\s"]*[=+\-@\t\r＝＋－＠]/);
          expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        }
      }
    }
  });
});

test("a name without anything of that is in its cell as it is", async () => {
  const name = `a "quoted", 'name'; of 账号 👩‍👩‍👧 \\n x=1 a-b`;
  for (const { account_name: accountName } of await rowsOf(reportNaming(name))) {
    expect(accountName).toBe(name.replaceAll("\u200D", ""));
  }
});

const hasReader = hasPython("csv");
const READ = `
import csv, io, json, sys
texts = [text.encode().decode("utf-8-sig") for text in json.load(sys.stdin)]
print(json.dumps([list(csv.DictReader(io.StringIO(text, newline=""), strict=True)) for text in texts]))
`;

test.skipIf(!hasReader)("Python's csv module reads the same rows (python3)", async () => {
  const reports = HOSTILE_NAMES.map((name) => reportNaming(name));
  const texts = JSON.stringify(await Promise.all(reports.map(render)));
  expect(askPython(READ, texts)).toEqual(await Promise.all(reports.map(rowsOf)));
});
