import { beforeAll, describe, expect, test } from "vitest";

import type { Evidence, Finding } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { acceptReport } from "../../../shared/report/accept-report.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { BOX_TYPE, boxRule } from "../../harness/box-rule.ts";
import { reportOf, reportWith } from "../../harness/report-with.ts";

const MINUTE = 60_000;
const ACCOUNT = "1234567890123456";

/** Recorded from an emulated cloud through the SDK: compliant, not compliant, not readable, exempt. */
let genuine: Report;
beforeAll(async () => {
  await using emulator = await startEmulator({
    regions: {
      "cn-a": { activated: true },
      "cn-b": { activated: false },
      "cn-c": { activated: true, fault: { kind: "denied" } },
      "cn-d": { activated: false },
    },
  });
  const exemption = {
    region: "cn-d",
    account: "*",
    rule: "flow-log-service-activated",
    resource: "*",
    owner: "net-team",
    reason: "NET-42",
    expires: "2099-01-01",
    warnsFrom: "2098-12-25",
  };
  genuine = await auditEmulator(emulator, { exemptions: [exemption] });
});

interface Question {
  readonly selectors?: readonly string[];
  readonly ruleIds?: readonly string[];
  readonly accountId?: string;
  /** Milliseconds from the report's end. */
  readonly afterMs?: number;
}

/** The outcome of a report that answers a request. */
function accept(
  answer: unknown,
  { selectors, ruleIds, accountId = ACCOUNT, afterMs = 0 }: Question = {},
) {
  const atMs = Date.parse(genuine.finishedAt) + afterMs;
  const asked = {
    selectors: selectors ?? null,
    ruleIds: ruleIds ?? null,
    accountId,
    accounts: null,
    atMs,
    answeredAtMs: atMs,
  };
  return acceptReport(answer, DEFAULT_RULES, asked);
}

/** The report with one finding changed, and consistent counts. */
function withFinding(regionId: string, change: (finding: Finding) => unknown): Report {
  const findings = genuine.findings.map((finding) =>
    finding.regionId === regionId ? (change(finding) as Finding) : finding,
  );
  return { ...genuine, findings, summary: summarize(findings) };
}

function withEvidence(regionId: string, change: Partial<Evidence>): Report {
  return withFinding(regionId, (finding) => ({
    ...finding,
    evidence: { ...finding.evidence, ...change },
  }));
}

/** The simplest forgery: a region that is not compliant is reported as compliant. */
function forgedCompliant(regionId: string, change: Partial<Evidence> = {}): Report {
  return withFinding(regionId, (finding) => ({
    ...finding,
    status: "COMPLIANT",
    reason: { code: "ACTIVATED", message: "The flow log service is activated." },
    evidence: { ...finding.evidence, ...change },
  }));
}

function withAccount(report: Report, accountId: string): Report {
  return JSON.parse(JSON.stringify(report).replaceAll(ACCOUNT, accountId)) as Report;
}

function without(regionId: string): Report {
  const findings = genuine.findings.filter((finding) => finding.regionId !== regionId);
  const regions = genuine.scope.regions.filter((other) => other !== regionId);
  return withRegions({ ...genuine, findings, summary: summarize(findings) }, regions);
}

/** The report with other regions in its scope. */
function withRegions(report: Report, regions: readonly string[]): Report {
  return {
    ...report,
    scope: { ...report.scope, regions },
    accounts: report.accounts.map((account) => ({ ...account, regions })),
  };
}

const PROOF = "verdict without the answer that proves it";
const SCOPE = "its findings are not one for each account, region and rule";
const ACCOUNTS = "its scope is not made of its accounts and their regions";
const REASON = "the reason of a finding contradicts its status";

describe("a forged report is refused:", () => {
  test.each<[string, () => unknown, string, Question?]>([
    ["nothing", () => null, "what came is missing"],
    ["text", () => "COMPLIANT", "what came is missing"],
    ["without a time", () => ({ ...genuine, startedAt: undefined }), "startedAt is missing"],
    ["of another version", () => ({ ...genuine, schemaVersion: 2 }), "schemaVersion is missing"],
    ["that moves the cursor", () => ({ ...genuine, runId: "\u001b[2J" }), "runId is missing"],
    ...["", "cn-b/../x", "cn-b; sh", "\ud800"].map((regionId): [string, () => unknown, string] => [
      `with the region ${JSON.stringify(regionId)}`,
      () => withFinding("cn-b", (finding) => ({ ...finding, regionId })),
      "findings.1.regionId is missing, of the wrong type",
    ]),
    ["compliant, where access was denied", () => forgedCompliant("cn-c"), PROOF],
    ["compliant by HTTP 403", () => withEvidence("cn-a", { httpStatus: 403 }), PROOF],
    ["compliant by HTTP 302", () => withEvidence("cn-a", { httpStatus: 302 }), PROOF],
    ["compliant without an answer", () => withEvidence("cn-a", { httpStatus: null }), PROOF],
    ["compliant without a request", () => withEvidence("cn-a", { attempts: 0 }), PROOF],
    ["compliant without a request id", () => withEvidence("cn-a", { requestId: null }), PROOF],
    ["compliant with an empty request id", () => withEvidence("cn-a", { requestId: "" }), PROOF],
    ["compliant without a time", () => withEvidence("cn-a", { checkedAt: null }), PROOF],
    [
      "with a finding of an earlier run",
      () => withEvidence("cn-a", { checkedAt: "2026-11-01T00:00:00.000Z" }),
      "a finding is of another time than the run",
    ],
    [
      "compliant for another reason",
      () => withFinding("cn-b", (finding) => ({ ...finding, status: "COMPLIANT" })),
      REASON,
    ],
    [
      "compliant for a reason that is not known",
      () =>
        withFinding("cn-a", (finding) => ({ ...finding, reason: { code: "FINE", message: "" } })),
      REASON,
    ],
    [
      "not applicable, which the rule never is",
      () =>
        withFinding("cn-b", (finding) => ({
          ...finding,
          status: "NOT_APPLICABLE",
          reason: { code: "NO_RESOURCES", message: "" },
        })),
      REASON,
    ],
    [
      "ignored without an exemption",
      () => withFinding("cn-d", ({ exemption: _exemption, ...finding }) => finding),
      REASON,
    ],
    [
      "exempt, and counted as compliant",
      () => withFinding("cn-d", (finding) => ({ ...finding, status: "COMPLIANT" })),
      REASON,
    ],
    [
      "with an exemption that had ended",
      () =>
        withFinding("cn-d", (finding) => ({
          ...finding,
          exemption: { ...finding.exemption, expires: "2020-01-01" },
        })),
      "an exemption in it had ended",
    ],
    [
      "with another sum",
      () => ({ ...genuine, summary: { ...genuine.summary, nonCompliant: 0, compliant: 2 } }),
      "its sums are not those of its findings",
    ],
    ["without a finding", () => withRegions(without("cn-b"), genuine.scope.regions), SCOPE],
    [
      "with a finding of another region in the place of one in scope",
      () => withFinding("cn-b", (finding) => ({ ...finding, regionId: "cn-z" })),
      SCOPE,
    ],
    [
      "with a finding of another account in the place of one in scope",
      () => withFinding("cn-b", (finding) => ({ ...finding, accountId: "2000000000000002" })),
      SCOPE,
    ],
    [
      "with a finding twice",
      () => {
        const findings = [...genuine.findings, ...genuine.findings.slice(0, 1)];
        return { ...genuine, findings, summary: summarize(findings) };
      },
      SCOPE,
    ],
    [
      "with a region twice in its scope",
      () => withRegions(without("cn-d"), ["cn-a", "cn-a", "cn-b", "cn-c"]),
      SCOPE,
    ],
    [
      "with a region twice in its scope, of an older function",
      () => {
        const regions = ["cn-a", "cn-a", "cn-b", "cn-c"];
        const { accounts: _accounts, ...older } = withRegions(without("cn-d"), regions);
        return older;
      },
      SCOPE,
    ],
    [
      "with a region in its scope that no account has",
      () => ({ ...without("cn-b"), scope: genuine.scope }),
      ACCOUNTS,
    ],
    [
      "with a region of an account that is not in its scope",
      () => ({ ...genuine, scope: without("cn-b").scope }),
      ACCOUNTS,
    ],
    [
      "with an account that is not in its scope",
      () => ({
        ...genuine,
        accounts: [...genuine.accounts, { id: "2", regions: [], status: "audited" }],
      }),
      ACCOUNTS,
    ],
    [
      "with an account in its scope that is not among its accounts",
      () => ({
        ...genuine,
        caller: null,
        scope: { ...genuine.scope, accounts: [ACCOUNT, "2"] },
      }),
      ACCOUNTS,
    ],
    [
      "with an account that has no region",
      () => ({
        ...genuine,
        caller: null,
        scope: { ...genuine.scope, accounts: [ACCOUNT, "2"] },
        accounts: [...genuine.accounts, { id: "2", regions: [], status: "audited" }],
      }),
      ACCOUNTS,
    ],
    [
      "with a region twice in its scope, and once in its account",
      () => ({
        ...genuine,
        scope: { ...genuine.scope, regions: [...genuine.scope.regions, "cn-a"] },
      }),
      ACCOUNTS,
    ],
    [
      "with an account twice",
      () => ({ ...genuine, accounts: [...genuine.accounts, ...genuine.accounts] }),
      SCOPE,
    ],
    [
      "with an account of another status",
      () => ({
        ...genuine,
        accounts: genuine.accounts.map((account) => ({ ...account, status: "postponed" })),
      }),
      "accounts.0.status is missing",
    ],
    [
      "about nothing",
      () => withRegions({ ...genuine, findings: [], summary: summarize([]) }, []),
      SCOPE,
    ],
    [
      "that ended before it began",
      () => ({ ...genuine, finishedAt: "2020-01-01T00:00:00.000Z" }),
      "it ended before it began",
    ],
    [
      "of another account",
      () => withAccount(genuine, "2000000000000002"),
      `it is not of the account ${ACCOUNT}`,
    ],
    [
      "of another account than --account",
      () => genuine,
      "it is not of the account 2000000000000002",
      { accountId: "2000000000000002" },
    ],
    [
      "of an account that is not its caller's",
      () => ({ ...genuine, caller: { accountId: "2000000000000002", arn: null } }),
      "an account without a role is not that of its caller",
    ],
    [
      "of an unknown account with a caller",
      () => ({ ...withAccount(genuine, "unknown"), caller: genuine.caller }),
      "an account without a role is not that of its caller",
    ],
    [
      "of yesterday",
      () => genuine,
      "more than five minutes before the function was invoked",
      { afterMs: 24 * 60 * MINUTE },
    ],
    ["of six minutes ago", () => genuine, "more than five minutes", { afterMs: 6 * MINUTE }],
    ["of tomorrow", () => genuine, "which is still to come", { afterMs: -24 * 60 * MINUTE }],
    [
      "without a region that was written out",
      () => without("cn-b"),
      "it says nothing of the region cn-b",
      { selectors: ["cn-a", "cn-b", "cn-c", "cn-d"] },
    ],
    [
      "without a region that was written out beside a pattern",
      () => without("cn-b"),
      "it says nothing of the region cn-b",
      { selectors: ["cn-*", "cn-b"] },
    ],
    [
      "of a region that no pattern matches",
      () => genuine,
      "it is of a region that it was not asked for",
      { selectors: ["ap-*"] },
    ],
    [
      "of a region that was left out",
      () => genuine,
      "it is of a region that it was not asked for",
      { selectors: ["all", "!cn-b"] },
    ],
    [
      "of more than was written out",
      () => genuine,
      "it is of a region that it was not asked for",
      { selectors: ["cn-a"] },
    ],
    [
      "of a rule that is not known",
      () =>
        JSON.parse(
          JSON.stringify(genuine).replaceAll("flow-log-service-activated", "all-is-well"),
        ) as unknown,
      "it is of a rule that this version does not know",
    ],
    ["that names no rules", () => ({ ...genuine, rules: [] }), "are not those of its findings"],
    [
      "that claims to prove more",
      () => ({
        ...genuine,
        rules: genuine.rules.map((rule) => ({
          ...rule,
          controls: rule.controls.map((control) => ({ ...control, relation: "implements" })),
        })),
      }),
      "it claims that a rule proves another thing",
    ],
    [
      "that claims to be about another control",
      () => ({
        ...genuine,
        rules: genuine.rules.map((rule) => ({
          ...rule,
          controls: [
            ...rule.controls,
            { framework: "PCI DSS", version: "4.0", id: "10", relation: "implements" },
          ],
        })),
      }),
      "it claims that a rule proves another thing",
    ],
  ])("%s", (_what, forge, problem, question) => {
    expect(accept(forge(), question)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

describe("a genuine report is accepted:", () => {
  test.each<[string, () => unknown, Question?]>([
    ["as it came", () => genuine],
    ["of what was written out", () => genuine, { selectors: ["cn-a", "cn-b", "cn-c", "cn-d"] }],
    ["of a pattern", () => genuine, { selectors: ["cn-*"] }],
    ["of everything", () => genuine, { selectors: ["all"] }],
    ["of the rule that was asked for", () => genuine, { ruleIds: ["flow-log-service-activated"] }],
    ["of all but one", () => without("cn-b"), { selectors: ["all", "!cn-b"] }],
    [
      "of a region that is written out and left out",
      () => without("cn-b"),
      { selectors: ["all", "cn-b", "!cn-b"] },
    ],
    ["from a clock that is four minutes behind", () => genuine, { afterMs: 4 * MINUTE }],
    ["from a clock that is four minutes ahead", () => genuine, { afterMs: -4 * MINUTE }],
    ["of an older function, without its rules", () => ({ ...genuine, rules: undefined })],
    ["of an older function, without its accounts", () => ({ ...genuine, accounts: undefined })],
    [
      "of an account that could not be identified",
      () => ({ ...withAccount(genuine, "unknown"), caller: null }),
    ],
    ["of an account that is assumed", () => ({ ...genuine, caller: null, accountAssumed: true })],
    [
      "of a function, which knows its account only",
      () => ({ ...genuine, caller: { accountId: ACCOUNT, arn: null } }),
    ],
    ["with what a newer function adds", () => ({ ...genuine, addedLater: [1] })],
    [
      "with a reason not to have read that a newer function adds",
      () =>
        withFinding("cn-c", (finding) => ({
          ...finding,
          reason: { code: "ROLE_REFUSED", message: "" },
        })),
    ],
    [
      "at another time, when it was asked then",
      () => reportOf(genuine, new Date(Date.parse(genuine.finishedAt) + MINUTE)),
      { afterMs: MINUTE },
    ],
  ])("%s", (_what, answer, question) => {
    const sent = JSON.parse(JSON.stringify(answer())) as Report & { readonly addedLater?: unknown };
    const { addedLater: _added, ...known } = sent;
    const accounts = known.accounts ?? genuine.accounts;
    expect(accept(sent, question)).toEqual({
      report: { ...known, rules: genuine.rules, accounts },
    });
  });
});

describe("a report of many regions", () => {
  const many = reportWith(Array.from({ length: 20_000 }, () => "COMPLIANT"));
  const { regions } = many.scope;
  const asked = {
    selectors: regions,
    ruleIds: null,
    accountId: ACCOUNT,
    accounts: null,
    atMs: Date.parse(many.startedAt),
    answeredAtMs: Date.parse(many.finishedAt),
  };

  test("is checked in a time that grows with their number", () => {
    expect(acceptReport(many, DEFAULT_RULES, asked)).toMatchObject({
      report: { scope: { regions } },
    });
    expect(acceptReport(many, DEFAULT_RULES, { ...asked, selectors: regions.slice(1) })).toEqual({
      problem: "it is of a region that it was not asked for",
    });
    expect(
      acceptReport(many, DEFAULT_RULES, { ...asked, selectors: [...regions, "cn-zz"] }),
    ).toEqual({
      problem: "it says nothing of the region cn-zz",
    });
  });

  test("that would expand to more than fits into memory is refused", () => {
    const accounts = regions.map((_, index) => `${index}`);
    const { accounts: _accounts, ...older } = many;
    expect(acceptReport({ ...older, scope: { accounts, regions } }, DEFAULT_RULES, asked)).toEqual({
      problem: expect.stringContaining(
        "its findings are not one for each account, region and rule",
      ),
    });
  });
});

test("a rule about regions has no findings about resources", () => {
  const resource = { type: "ACS::VPC::VPC", id: "vpc-1" };
  expect(accept(withFinding("cn-b", (finding) => ({ ...finding, resource })))).toEqual({
    problem: expect.stringContaining("a finding is about a resource, and its rule about regions"),
  });
});

describe("a report of a rule about resources", () => {
  const rule = boxRule({
    "cn-a": { "box-1": "shut", "box-2": "open", "box-3": "ACCESS_DENIED" },
    "cn-b": {},
    "cn-c": "SERVICE_ERROR",
    "cn-d": { "box-1": "open" },
  });
  const cards = [...DEFAULT_RULES, rule];
  let report: Report;
  beforeAll(async () => {
    const activated = { activated: true };
    await using emulator = await startEmulator({
      regions: { "cn-a": activated, "cn-b": activated, "cn-c": activated, "cn-d": activated },
    });
    report = await auditEmulator(emulator, { rules: cards });
  });

  function takeBoxes(answer: unknown, ruleIds: readonly string[] | null = null) {
    const atMs = Date.parse(report.finishedAt);
    const asked = {
      selectors: null,
      ruleIds,
      accountId: ACCOUNT,
      accounts: null,
      atMs,
      answeredAtMs: atMs,
    };
    return acceptReport(JSON.parse(JSON.stringify(answer)), cards, asked);
  }

  test("has no verdict on a region as a whole", () => {
    const asVerdict = (finding: Finding): Finding =>
      finding.ruleId === rule.id && finding.regionId === "cn-b"
        ? { ...finding, status: "COMPLIANT", reason: { code: "SHUT", message: "All are shut." } }
        : finding;
    expect(takeBoxes(withFindings(report.findings.map(asVerdict)))).toEqual({
      problem: expect.stringContaining("a verdict is about a region, and its rule about resources"),
    });
  });

  /** The report with other findings, and consistent counts. */
  function withFindings(findings: readonly Finding[]): Report {
    return { ...report, findings, summary: summarize(findings) };
  }

  function boxesOf({ findings }: Report): Finding[] {
    return findings.filter(({ ruleId }) => ruleId === rule.id);
  }

  /** The report with the findings of one resource, or of one region, changed. */
  function withChange(
    isMeant: (finding: Finding) => boolean,
    change: (finding: Finding) => readonly Finding[],
  ): Report {
    return withFindings(
      report.findings.flatMap((finding) => (isMeant(finding) ? change(finding) : [finding])),
    );
  }
  const isBox = (id: string) => (finding: Finding) => finding.resource?.id === id;
  const isRegion = (id: string) => (finding: Finding) =>
    finding.ruleId === rule.id && finding.regionId === id;

  test("is accepted unchanged", () => {
    expect(takeBoxes(report)).toEqual({ report });
    expect(boxesOf(report).map(({ regionId, resource }) => [regionId, resource?.id])).toEqual([
      ["cn-a", "box-1"],
      ["cn-a", "box-2"],
      ["cn-a", "box-3"],
      ["cn-b", undefined],
      ["cn-c", undefined],
      ["cn-d", "box-1"],
    ]);
  });

  test("is accepted without a resource, whose existence cannot be checked", () => {
    const fewer = withChange(isBox("box-2"), () => []);
    expect(takeBoxes(fewer)).toEqual({ report: fewer });
  });

  test("is accepted if its rules are those asked for, and no others", () => {
    const activation = "flow-log-service-activated";
    const boxesOnly = withFindings(boxesOf(report));
    const oneRule = { ...boxesOnly, rules: report.rules.filter(({ id }) => id === rule.id) };
    expect(takeBoxes(report, [rule.id, activation])).toEqual({ report });
    expect(takeBoxes(oneRule, [rule.id])).toEqual({ report: oneRule });
    expect(takeBoxes(report, [activation])).toEqual({
      problem: "it is of a rule that it was not asked for",
    });
    expect(takeBoxes(oneRule, [rule.id, activation])).toEqual({
      problem: `it says nothing of the rule ${activation}`,
    });
  });

  test("that this version does not know is refused", () => {
    expect(
      acceptReport(report, DEFAULT_RULES, {
        selectors: null,
        ruleIds: null,
        accountId: ACCOUNT,
        accounts: null,
        atMs: Date.parse(report.startedAt),
        answeredAtMs: Date.parse(report.finishedAt),
      }),
    ).toEqual({
      problem: "it is of a rule that this version does not know",
    });
  });

  test.each<[string, () => Report, string]>([
    ["without a region of one rule", () => withChange(isRegion("cn-b"), () => []), SCOPE],
    ["without any resource of a region", () => withChange(isRegion("cn-d"), () => []), SCOPE],
    [
      "with a resource twice",
      () => withChange(isBox("box-2"), (finding) => [finding, finding]),
      SCOPE,
    ],
    [
      "with a resource twice, under two names",
      () =>
        withChange(isBox("box-2"), (finding) => [
          finding,
          { ...finding, resource: { type: BOX_TYPE, id: "box-2", name: "other" } },
        ]),
      SCOPE,
    ],
    [
      "with findings about a region and about its resources",
      () => withChange(isBox("box-2"), ({ resource: _resource, ...finding }) => [finding]),
      SCOPE,
    ],
    [
      "with a code that is another rule's",
      () =>
        withChange(isBox("box-1"), (finding) => [
          { ...finding, reason: { code: "ACTIVATED", message: "" } },
        ]),
      REASON,
    ],
    [
      "with a status that is not the code's",
      () => withChange(isBox("box-2"), (finding) => [{ ...finding, status: "COMPLIANT" }]),
      REASON,
    ],
    [
      "not applicable without an answer",
      () =>
        withChange(isRegion("cn-b"), (finding) => [
          { ...finding, evidence: { ...finding.evidence, requestId: null } },
        ]),
      PROOF,
    ],
    [
      "of a resource without an id",
      () =>
        withChange(isBox("box-2"), (finding) => [
          { ...finding, resource: { type: BOX_TYPE, id: "" } },
        ]),
      "is missing, of the wrong type",
    ],
    [
      "of a resource with an id that no address can have",
      () =>
        withChange(isBox("box-2"), (finding) => [
          { ...finding, resource: { type: BOX_TYPE, id: "box-\ud800" } },
        ]),
      "resource.id is missing, of the wrong type",
    ],
    [
      "of a resource with a name that moves the cursor",
      () =>
        withChange(isBox("box-2"), (finding) => [
          { ...finding, resource: { type: BOX_TYPE, id: "box-2", name: "\u001b[2J" } },
        ]),
      "is missing, of the wrong type",
    ],
  ])("is refused %s", (_what, forge, problem) => {
    expect(takeBoxes(forge())).toEqual({ problem: expect.stringContaining(problem) });
  });
});
