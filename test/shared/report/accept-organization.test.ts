import { describe, expect, test } from "vitest";

import type { Finding } from "../../../shared/audit/finding.ts";
import {
  type AuditedAccount,
  type Report,
  type SkippedAccount,
  summarize,
} from "../../../shared/audit/report.ts";
import { acceptReport } from "../../../shared/report/accept-report.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";

const [PROD, TEST, OLD] = [memberId(1), memberId(2), memberId(3)];

/** The caller's account, two members of which one refuses its role, and one that is being deleted. */
const genuine = organizationReport([
  { id: CALLER_ID, name: "security", statuses: ["COMPLIANT", "NON_COMPLIANT"] },
  { id: PROD, name: "prod", statuses: ["COMPLIANT", "COMPLIANT", "NON_COMPLIANT"] },
  { id: TEST, statuses: ["INSUFFICIENT_DATA"], failure: "ROLE_REFUSED" },
  { id: OLD, name: "old" },
]);

interface Question {
  readonly accountId?: string;
  readonly accounts?: readonly string[];
}

/** The outcome of a report, as it comes over a network, that answers a request. */
function accept(answer: unknown, { accountId = CALLER_ID, accounts }: Question = {}) {
  const atMs = Date.parse(genuine.startedAt);
  return acceptReport(JSON.parse(JSON.stringify(answer)), DEFAULT_RULES, {
    selectors: null,
    ruleIds: null,
    accountId,
    accounts: accounts ?? null,
    atMs,
    answeredAtMs: atMs,
  });
}

/** The report with one account changed. */
function withAccount(id: string, change: object): Report {
  return withAccounts(
    genuine.accounts.map((account) => (account.id === id ? { ...account, ...change } : account)),
  );
}

function withAccounts(accounts: readonly (AuditedAccount | SkippedAccount)[]): Report {
  return { ...genuine, accounts };
}

/** The report with other findings, and consistent counts. */
function withFindings(findings: readonly Finding[]): Report {
  return { ...genuine, findings, summary: summarize(findings) };
}

function movedTo(regionId: string, is: (finding: Finding) => boolean): Report {
  return withFindings(
    genuine.findings.map((finding) => (is(finding) ? { ...finding, regionId } : finding)),
  );
}

/** The report as if an id had been another everywhere. */
function renamed(report: Report, from: string, to: string): Report {
  return JSON.parse(JSON.stringify(report).replaceAll(from, to)) as Report;
}

const SCOPE = "its findings are not one for each account, region and rule";
const ACCOUNTS = "its scope is not made of its accounts and their regions";
const ORDER = "its accounts are not in the order of their ids, each once";
const NO_ROLE = "an account without a role is not that of its caller";
const NO_CALLER = "its caller is not known, and among several accounts one without a role has";
const ROLE = "a role in it is not of the account that it was assumed in";

describe("a forged report of an organization is refused:", () => {
  test.each<[string, () => unknown, string, Question?]>([
    ["with an account without a role", () => withAccount(PROD, { roleArn: undefined }), NO_ROLE],
    [
      "with a verdict on an account without a role, of an unknown caller",
      () => ({ ...genuine, caller: null }),
      NO_CALLER,
    ],
    [
      "with a role of another account",
      () => withAccount(PROD, { roleArn: `acs:ram::${TEST}:role/flowlog-guard-audit` }),
      ROLE,
    ],
    [
      "with a role of the caller's account",
      () => withAccount(CALLER_ID, { roleArn: `acs:ram::${CALLER_ID}:role/flowlog-guard-audit` }),
      ROLE,
    ],
    [
      "with a role that is none",
      () => withAccount(PROD, { roleArn: `acs:ram::${PROD}:user/flowlog-guard-audit` }),
      "accounts.1.roleArn is missing",
    ],
    [
      "with the role of a user of another cloud",
      () => withAccount(PROD, { roleArn: `arn:aws:iam::${PROD}:role/flowlog-guard-audit` }),
      "accounts.1.roleArn is missing",
    ],
    [
      "with a name that moves the cursor",
      () => withAccount(PROD, { name: "prod\u001b[2J" }),
      "accounts.1.name is missing",
    ],
    [
      "with a name that changes the direction of text",
      () => withAccount(OLD, { name: "\u202eold" }),
      "accounts.3.name is missing",
    ],
    [
      "with a finding of a region that another account has",
      () =>
        movedTo("cn-r2", ({ accountId, regionId }) => accountId === TEST && regionId === "cn-r0"),
      SCOPE,
    ],
    [
      "with the regions of all accounts in the place of each one's own",
      () => withAccount(TEST, { regions: genuine.scope.regions }),
      SCOPE,
    ],
    [
      "with an account that says nothing, and is in its scope",
      () => withFindings(genuine.findings.filter(({ accountId }) => accountId !== TEST)),
      SCOPE,
    ],
    [
      "with a finding in the place of another account's",
      () =>
        withFindings(
          genuine.findings.map((finding) =>
            finding.accountId === TEST ? { ...finding, accountId: PROD } : finding,
          ),
        ),
      SCOPE,
    ],
    [
      "with an account that was skipped, although it was in scope",
      () =>
        withAccount(TEST, {
          status: "skipped",
          regions: [],
          reason: { code: "NOT_READY", message: "" },
          roleArn: undefined,
        }),
      SCOPE,
    ],
    [
      "with a skipped account in its scope",
      () => ({
        ...genuine,
        scope: { ...genuine.scope, accounts: [...genuine.scope.accounts, OLD] },
      }),
      ACCOUNTS,
    ],
    [
      "with an account that is not in its scope",
      () => ({
        ...genuine,
        scope: { ...genuine.scope, accounts: genuine.scope.accounts.filter((id) => id !== TEST) },
      }),
      ACCOUNTS,
    ],
    [
      "with a skipped account that has regions",
      () => withAccount(OLD, { regions: ["cn-r0"] }),
      "accounts.3.regions is missing",
    ],
    [
      "with a skipped account without a reason",
      () => withAccount(OLD, { reason: undefined }),
      "accounts.3.reason is missing",
    ],
    [
      "with a skipped account for a reason that moves the cursor",
      () => withAccount(OLD, { reason: { code: "NOT_READY", message: "\u001b[2J" } }),
      "accounts.3.reason.message is missing",
    ],
    [
      "with a finding of a skipped account",
      () =>
        withFindings(
          genuine.findings.map((finding) =>
            finding.accountId === TEST ? { ...finding, accountId: OLD } : finding,
          ),
        ),
      SCOPE,
    ],
    [
      "with an account that is both audited and skipped",
      () => {
        const old = genuine.accounts.find(({ id }) => id === OLD);
        return withAccounts([
          ...(old === undefined ? [] : [{ ...old, id: CALLER_ID }]),
          ...genuine.accounts,
        ]);
      },
      ORDER,
    ],
    ["in another order", () => withAccounts(genuine.accounts.toReversed()), ORDER],
    [
      "where the management account may be missing in another way",
      () => ({ ...genuine, managementAccountUnknown: false }),
      "managementAccountUnknown is missing",
    ],
    [
      "made by another account",
      () => genuine,
      "it is not of the account 1234567890123499",
      { accountId: "1234567890123499" },
    ],
    [
      "of members alone, made by another account",
      () => ofMembersAlone(),
      "it is not of the account 1234567890123499",
      { accountId: "1234567890123499" },
    ],
    [
      "of a member, as if that were the function's account",
      () => genuine,
      `it is not of the account ${PROD}`,
      { accountId: PROD },
    ],
    [
      "of another account alone, without a role",
      () => {
        const single = organizationReport([{ id: CALLER_ID, statuses: ["COMPLIANT"] }]);
        return renamed(single, CALLER_ID, PROD);
      },
      `it is not of the account ${CALLER_ID}`,
    ],
    [
      "of more accounts than were written out",
      () => genuine,
      "it is of an account that it was not asked for",
      { accounts: [PROD, TEST] },
    ],
    [
      "of an account that was left out",
      () => genuine,
      "it is of an account that it was not asked for",
      { accounts: ["*", `!${TEST}`] },
    ],
    [
      "of an account that was left out by name",
      () => genuine,
      "it is of an account that it was not asked for",
      { accounts: ["*", "!prod"] },
    ],
    [
      "of a skipped account that was left out",
      () => genuine,
      "it is of an account that it was not asked for",
      { accounts: ["*", "!old"] },
    ],
    [
      "of an account whose name no pattern matches",
      () => genuine,
      "it is of an account that it was not asked for",
      { accounts: ["prod-*", CALLER_ID] },
    ],
    [
      "without an account that was written out",
      () => genuine,
      `it says nothing of the account ${memberId(9)}`,
      { accounts: ["*", memberId(9)] },
    ],
  ])("%s", (_what, forge, problem, question) => {
    expect(accept(forge(), question)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

function ofMembersAlone(): Report {
  return organizationReport([
    { id: PROD, name: "prod", statuses: ["COMPLIANT"] },
    { id: TEST, statuses: ["INSUFFICIENT_DATA"], failure: "ROLE_REFUSED" },
  ]);
}

/** Nobody knows whether the account without a role is that of the credentials. */
function ofUnknownCaller(): Report {
  const report = organizationReport([
    { id: CALLER_ID, statuses: ["INSUFFICIENT_DATA"], failure: "UNREACHABLE" },
    { id: PROD, name: "prod", statuses: ["COMPLIANT"] },
  ]);
  return { ...report, caller: null };
}

describe("a genuine report of an organization is accepted:", () => {
  test.each<[string, () => unknown, Question?]>([
    ["as it came", () => genuine],
    ["of members alone", ofMembersAlone],
    [
      "of one member, by its role",
      () => organizationReport([{ id: PROD, statuses: ["COMPLIANT"] }]),
    ],
    ["of all accounts", () => genuine, { accounts: ["*"] }],
    [
      "of what was written out, of which one is skipped",
      () => genuine,
      {
        accounts: [CALLER_ID, PROD, TEST, OLD],
      },
    ],
    [
      "of names and patterns",
      () => genuine,
      { accounts: ["sec*", "prod", "old", `${TEST.slice(0, 3)}*`] },
    ],
    [
      "where an account is written out and left out",
      () => ofMembersAlone(),
      {
        accounts: ["*", CALLER_ID, `!${CALLER_ID}`],
      },
    ],
    [
      "where the management account may be missing",
      () => ({
        ...genuine,
        managementAccountUnknown: true,
      }),
    ],
    ["where the caller's account is not known", ofUnknownCaller],
    [
      "where an account was skipped for a reason that a newer function adds",
      () =>
        withAccount(OLD, { reason: { code: "SUSPENDED", message: "The account is suspended." } }),
    ],
  ])("%s", (_what, answer, question) => {
    const report = answer();
    expect(accept(report, question)).toEqual({ report });
  });
});
