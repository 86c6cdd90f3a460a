import { beforeAll, describe, expect, test } from "vitest";

import { roleArnOf, type ScopedAccount } from "../../../shared/audit/account-scope.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { acceptPart } from "../../../shared/fan-out/accept-part.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { memberIdOf, organizationOf } from "../../emulator/organization.ts";
import { RUN_ID, startPartedCloud } from "../../harness/parted-cloud.ts";

const ROLE = "flowlog-guard-audit";
const CALLER = "1234567890123456";
const RULES = ["flow-log-service-activated", "vpc-flow-log-active"];
const cards = await loadRules(RULES);
const NAME = "name with \u200b and \n";

const ACCOUNTS = [0, 1].map((index): ScopedAccount => {
  const id = memberIdOf(index);
  return { id, name: null, role: { accountId: id, roleName: ROLE }, regionIds: ["cn-a", "cn-b"] };
});

/** What the audit function answered, recorded. */
let genuine: Report;
beforeAll(async () => {
  const answers: Report[] = [];
  await using cloud = await startPartedCloud(
    {
      regions: {
        "cn-a": { activated: true },
        "cn-b": { activated: false, vpcs: [{ vpcId: "vpc-b", name: NAME }] },
      },
      ...organizationOf({ memberCount: 2, managementAccountId: memberIdOf(1) }),
    },
    {
      falsify: (report) => {
        answers.push(structuredClone(report));
        return report;
      },
    },
  );
  await cloud.audit({ organization: { roleName: ROLE }, rules: RULES, fanOut: { parts: 1 } });
  const [answer] = answers;
  if (answer === undefined) throw new Error("the part has an answer");
  genuine = answer;
});

function accept(answer: unknown) {
  const atMs = Date.parse(genuine.finishedAt);
  const about = { runId: RUN_ID, accounts: ACCOUNTS, cards, callerId: CALLER };
  return acceptPart(JSON.parse(JSON.stringify(answer)), {
    ...about,
    sentAtMs: atMs,
    answeredAtMs: atMs,
  });
}

test("the genuine answer is accepted as it is", () => {
  const read = accept(genuine);
  expect(JSON.stringify(read)).toBe(JSON.stringify({ findings: genuine.findings }));
  // What an owner calls a resource is no reason to refuse the findings of a thousand accounts.
  const names = genuine.findings.flatMap(({ resource }) => resource?.name ?? []);
  const clean = expect.stringMatching(/^name with +and$/);
  expect(names).toEqual([clean, clean]);
});

describe("an answer is refused", () => {
  const changed = (report: Report, findings: Report["findings"]) => ({
    ...report,
    findings,
    summary: summarize(findings),
  });
  const replaced = (report: Report, from: string, to: string): unknown =>
    JSON.parse(JSON.stringify(report).replaceAll(from, to));
  const CASES: [what: string, says: string, falsify: (report: Report) => unknown][] = [
    [
      "of another account",
      "an account that was not asked for",
      (report) => replaced(report, memberIdOf(0), "1499999999999999"),
    ],
    ["of more accounts", "more or fewer accounts", (report) => withAnother(report)],
    ["of fewer accounts", "more or fewer accounts", (report) => withoutFirst(report)],
    [
      "of another run",
      "of another run",
      (report) => ({ ...report, runId: RUN_ID.replace(/1$/, "2") }),
    ],
    [
      "of another role",
      "another role of the account",
      (report) => replaced(report, `role/${ROLE}`, "role/other"),
    ],
    [
      "of another region",
      "other regions of the account",
      (report) => replaced(report, "cn-a", "cn-0"),
    ],
    ["of fewer rules", "other rules", (report) => withRules(report, RULES.slice(0, 1))],
    [
      "of another caller",
      "function of another account",
      (report) => ({ ...report, caller: { accountId: "1", arn: null } }),
    ],
    ["of an unknown caller", "", (report) => ({ ...report, caller: null })],
    ["of an hour ago", "not of this invocation", (report) => shifted(report, -3_600_000)],
    ["of an hour later", "not of this invocation", (report) => shifted(report, 3_600_000)],
    [
      "without a finding",
      "its findings are not one for each",
      (report) => changed(report, report.findings.slice(1)),
    ],
    [
      "with a finding twice",
      "its findings are not one for each",
      (report) => changed(report, [...report.findings, ...report.findings.slice(0, 1)]),
    ],
    [
      "with a verdict without an answer",
      "without the answer that proves it",
      (report) =>
        changed(
          report,
          report.findings.map((finding) => ({
            ...finding,
            evidence: { ...finding.evidence, requestId: null },
          })),
        ),
    ],
    [
      "with exemptions",
      "exemptions have been applied",
      (report) =>
        changed(
          report,
          report.findings.map((finding) => exempted(finding)),
        ),
    ],
    ["that is a text", "not as it should be", () => "done"],
    ["that is null", "not as it should be", () => null],
    [
      "with findings that are none",
      "not as it should be",
      (report) => ({ ...report, findings: [null, 1, { resource: 2 }] }),
    ],
  ];

  test.each(CASES)("%s", (_what, says, falsify) => {
    expect(accept(falsify(genuine))).toEqual({ problem: expect.stringContaining(says) });
  });

  function exempted(finding: Report["findings"][number]): Report["findings"][number] {
    const { status, reason } = finding;
    return {
      ...finding,
      status: "IGNORED",
      reason: { code: "EXEMPT", message: "It is." },
      exemption: {
        ...{ owner: "net", reason: "NET-1", expires: "2099-01-01", endsSoon: false },
        observed: { status, reason },
      },
    };
  }

  /** As a function answers that audits one account more. */
  function withAnother(report: Report): unknown {
    const id = memberIdOf(2);
    const role = { accountId: id, roleName: ROLE };
    const more = report.findings
      .filter(({ accountId }) => accountId === memberIdOf(1))
      .map((finding) => ({ ...finding, accountId: id }));
    return {
      ...changed(report, [...report.findings, ...more]),
      accounts: [...report.accounts, { ...report.accounts[1], id, roleArn: roleArnOf(role) }],
      scope: { ...report.scope, accounts: [...report.scope.accounts, id] },
    };
  }

  function withoutFirst(report: Report): unknown {
    const left = report.findings.filter(({ accountId }) => accountId !== memberIdOf(0));
    return {
      ...changed(report, left),
      accounts: report.accounts.slice(1),
      scope: { ...report.scope, accounts: report.scope.accounts.slice(1) },
    };
  }

  function withRules(report: Report, ruleIds: readonly string[]): unknown {
    return {
      ...changed(
        report,
        report.findings.filter(({ ruleId }) => ruleIds.includes(ruleId)),
      ),
      rules: report.rules.filter(({ id }) => ruleIds.includes(id)),
    };
  }

  function shifted(report: Report, byMs: number): unknown {
    return JSON.parse(JSON.stringify(report), (_key, value: unknown) =>
      typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)
        ? new Date(Date.parse(value) + byMs).toISOString()
        : value,
    );
  }
});
