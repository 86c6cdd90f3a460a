import { array, asyncProperty, check, constantFrom } from "fast-check";
import { lexer, type Token, type Tokens } from "marked";
import { describe, expect, test } from "vitest";

import type { Status } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import type { RenderOptions } from "../../../shared/report/format.ts";
import { markdown } from "../../../shared/report/markdown.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { cleanText } from "../../../shared/text/clean-text.ts";
import { organizationReport as manyAccounts } from "../../harness/many-accounts.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { reportWith } from "../../harness/report-with.ts";
import { resourceReport } from "../../harness/resource-report.ts";

const CARDS = await loadRules(RULE_IDS);

async function render(report: Report, options: Partial<RenderOptions> = {}): Promise<string> {
  return markdown.render(report, { color: false, cards: CARDS, wayToAsk: "flag", ...options });
}

test("says the verdict and the counts, what is wrong, what to do, and what it proves", async () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);
  expect(await render(report)).toBe(`\
## ✖ 1 of 3 regions is not compliant

| Status | Meaning | Findings |
| --- | --- | --: |
| ✖ NON_COMPLIANT | not compliant | 1 |
| ? INSUFFICIENT_DATA | could not be read | 1 |
| - IGNORED | ignored: an exemption applies | 0 |
| ✔ COMPLIANT | compliant | 1 |
| - NOT_APPLICABLE | not applicable | 0 |

- Account: \`1234567890123456\`
- Regions: 3
- Rules: \`flow-log-service-activated\`
- Audited by: \`acs:ram::1234567890123456:user/auditor\`
- Time: \`2026-11-22T08:00:00.000Z\` to \`2026-11-22T08:00:01.200Z\`
- Run: \`5e1f0b1e-0000-4000-8000-000000000001\`, \`flowlog-guard 0.1.0\`

### Needs attention

| Status | Region | Reason | What was found |
| --- | --- | --- | --- |
| ✖ NON_COMPLIANT | \`cn-r1\` | \`NOT_ACTIVATED\` | What is the matter with cn-r1. |
| ? INSUFFICIENT_DATA | \`cn-r2\` | \`TIMEOUT\` | What is the matter with cn-r2. |

### What to do

- Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.

\`\`\`sh
aliyun vpc OpenFlowLogService --region cn-r1
\`\`\`

### What it proves

- COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded.
- Not asked: whether traffic is recorded, complete, delivered and kept. Ask with --rules all.

<details><summary>1 compliant</summary>

| Status | Region | Reason | What was found |
| --- | --- | --- | --- |
| ✔ COMPLIANT | \`cn-r0\` | \`ACTIVATED\` | What is the matter with cn-r0. |

</details>
`);
});

test.each<[readonly Status[], string]>([
  [["NON_COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"], "✖ 2 of 3 regions are not compliant"],
  [["INSUFFICIENT_DATA", "COMPLIANT"], "? Incomplete: 1 of 2 regions could not be read"],
  [["COMPLIANT", "IGNORED"], "- 1 of 2 regions compliant, 1 ignored by an exemption"],
  [["IGNORED"], "- 0 of 1 region compliant, 1 ignored by an exemption"],
  [["NOT_APPLICABLE"], "- Nothing to judge: 1 region not applicable"],
  [["COMPLIANT", "NOT_APPLICABLE"], "✔ 1 of 2 regions compliant"],
  [["COMPLIANT"], "✔ 1 of 1 region compliant"],
])("the verdict on %j is %s", async (statuses, verdict) => {
  const [first] = (await render(reportWith(statuses))).split("\n");
  expect(first).toBe(`## ${verdict}`);
});

test("has the more severe rule first among findings of a status", async () => {
  const report = resourceReport([
    { ruleId: "flow-log-retention", id: "vpc-1" },
    { ruleId: "vpc-flow-log-active", id: "vpc-1", status: "INSUFFICIENT_DATA" },
    { ruleId: "vpc-flow-log-active", id: "vpc-2" },
  ]);
  const rules = report.rules.map((rule) =>
    rule.id === "flow-log-retention" ? { ...rule, severity: "medium" as const } : rule,
  );
  const rows = [
    ...(await render({ ...report, rules })).matchAll(/^\| . ([A-Z_]+) \| .* `(vpc-\d)`/gm),
  ].map(([, status, id]) => [status, id]);
  expect(rows).toEqual([
    ["NON_COMPLIANT", "vpc-2"],
    ["NON_COMPLIANT", "vpc-1"],
    ["INSUFFICIENT_DATA", "vpc-1"],
  ]);
});

describe("a report of several accounts", () => {
  const report: Report = {
    ...organizationReport([
      { id: CALLER_ID, name: "main", statuses: ["COMPLIANT", "NON_COMPLIANT"] },
      { id: memberId(1), name: "prod", statuses: ["NON_COMPLIANT"], failure: "TIMEOUT" },
      { id: memberId(2), name: "old" },
    ]),
    managementAccountUnknown: true,
    warnings: ["exemptions[0]: matches nothing"],
  };

  test("says which accounts are missing, and why", async () => {
    const text = await render(report);
    expect(text).toContain("## ✖ 2 of 3 regions are not compliant; 1 account not audited\n");
    expect(text).toContain(
      `### Accounts that were not audited\n\n- \`old\` (\`${memberId(2)}\`): \`BEING_DELETED\`: The account is being deleted.\n\nThe management account of the resource directory is not known, and may be missing`,
    );
    expect(text).toContain("### Warnings\n\n- `exemptions[0]: matches nothing`\n");
  });

  test("names the account of each finding and command", async () => {
    const text = await render(report);
    expect(text).toContain(`| ✖ NON_COMPLIANT | \`prod\` (\`${memberId(1)}\`) | \`cn-r0\` |`);
    expect(text).toContain("- Run each command with credentials of its account");
    const [, block = ""] = /```sh\n(.*?)```/s.exec(text) ?? [];
    expect(block.split("\n")).toEqual([
      `# account main ${CALLER_ID}`,
      "aliyun vpc OpenFlowLogService --region cn-r1",
      `# account prod ${memberId(1)}`,
      "aliyun vpc OpenFlowLogService --region cn-r0",
      "",
    ]);
  });

  test("a name runs nothing where the shell has no comments", async () => {
    const hostile = organizationReport([
      { id: CALLER_ID, name: "a; touch 'x' $(id) `id`", statuses: ["NON_COMPLIANT"] },
      { id: memberId(1), statuses: ["NON_COMPLIANT"] },
    ]);
    expect(await render(hostile)).toContain(`# account 'a; touch ’x’ $(id) \`id\`' ${CALLER_ID}\n`);
  });
});

/** Every token of a text, those within others too. */
function tokensOf(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => {
    const inner: Token[] = "tokens" in token ? (token.tokens ?? []) : [];
    const items: Token[] = token.type === "list" ? (token as Tokens.List).items : [];
    const cells =
      token.type === "table"
        ? [(token as Tokens.Table).header, ...(token as Tokens.Table).rows].flat()
        : [];
    return [token, ...tokensOf([...inner, ...items, ...cells.flatMap((cell) => cell.tokens)])];
  });
}

/** What GitHub links, or shows as a picture or a formula, in words that are not code. */
const LINKED = /@|#\d|:\/\/|www\.|:[\w+-]+:|\$/i;
const KNOWN_TYPES = [
  ...["heading", "space", "table", "list", "list_item", "code", "paragraph", "html"],
  ...["text", "codespan", "strong"],
];

const HOSTILE = [
  "a|b",
  "a\\|b",
  "\\\\|",
  "`|`",
  "``` x",
  "`",
  "a`b``c",
  "<script>alert(1)</script>",
  "<!-- x",
  "</details>",
  "[x](https://evil.example)",
  "![x](https://evil.example/x.png)",
  "https://evil.example",
  "www.evil.example",
  "ops@evil.example",
  "@octocat",
  "octo/repo#12",
  "#12",
  ":ram:",
  "$x$",
  "&lt;b&gt;",
  "&#64;octocat",
  "**b** _i_ ~~s~~",
  "a\n\n# b",
  "a\r\n| b | c |",
  "--- | ---",
  "\u202egnp.exe",
  "\u001b[31mred",
  "\ud800",
  "__proto__",
  "生产环境",
  "=1+1",
  " ",
  "x".repeat(10_000),
];

/** A report with a name in each place that has one. */
function reportWithName(name: string): Report {
  const report = organizationReport([
    { id: CALLER_ID, name, statuses: ["NON_COMPLIANT"] },
    { id: memberId(1), name, statuses: ["COMPLIANT"] },
    { id: memberId(2), name },
  ]);
  const vpcs = resourceReport([{ id: name === "" ? "vpc-1" : name, name }]).findings;
  const findings = [...report.findings, ...vpcs].map((finding) => ({
    ...finding,
    reason: { code: finding.reason.code, message: `${name}.` },
  }));
  return { ...report, findings, summary: summarize(findings), warnings: [`It is ${name}.`] };
}

/** As a code span or plain words show it. A backslash before a pipe is shown twice: see `tableRow`. */
function shownAs(text: string): string {
  return cleanText(text, 2_000).replaceAll(/(\\+)\|/g, "$1$1|");
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => ("text" in token ? String(token.text) : "")).join("");
}

/** Where the text of such a report is more than text. */
async function whatIsNotText(name: string): Promise<readonly unknown[]> {
  const tokens = tokensOf(lexer(await render(reportWithName(name))));
  const tables = tokens.filter((token): token is Tokens.Table => token.type === "table");
  const rows = tables.slice(1).flatMap(({ header, rows: [...all] }) => {
    const place = header.map(({ text }) => text);
    return all.map((row) => new Map(row.map((cell, at) => [place[at], textOf(cell.tokens)])));
  });
  return [
    ...tokens.filter(({ type }) => !KNOWN_TYPES.includes(type)),
    ...tokens.filter(
      (token) => token.type === "text" && !("tokens" in token) && LINKED.test(token.text),
    ),
    ...tokens
      .filter(({ type }) => type === "html")
      .map(({ raw }) => raw.trim())
      .filter(
        (html) => html !== "<details><summary>1 compliant</summary>" && html !== "</details>",
      ),
    // A parser cuts and fills rows with the wrong number of cells: then a cell is in the wrong place.
    ...rows.filter(
      (row) =>
        !/^[✖✔] [A-Z_]+$/.test(row.get("Status") ?? "") ||
        !/^[A-Z_]+$/.test(row.get("Reason") ?? "") ||
        row.get("What was found") !== shownAs(`${name}.`) ||
        !row.get("Account")?.startsWith(shownAs(name)),
    ),
    ...(rows.length === 3 ? [] : [rows]),
  ];
}

describe("a name from the cloud is text and nothing else, for a parser of GitHub's Markdown", () => {
  test.each(HOSTILE)("%j", async (name) => expect(await whatIsNotText(name)).toEqual([]));

  test("and so is what is made of such names", async () => {
    const parts = [...HOSTILE.slice(0, -1), ..."\\|`<>&@#$:*_~[]()! ab".split("")];
    const name = array(constantFrom(...parts), { maxLength: 6 }).map((some) => some.join(""));
    const isText = async (made: string) => (await whatIsNotText(made)).length === 0;
    const { failed, counterexample } = await check(asyncProperty(name, isText), { numRuns: 200 });
    expect({ failed, counterexample }).toEqual({ failed: false, counterexample: null });
  });
});

describe("the size", () => {
  /** The job summary of a step, and what is left of it for other programs. */
  const MAX_BYTES = 1_024 * 1_024;
  const STATUSES: readonly Status[] = ["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"];

  const WORST_FIRST = ["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"];

  /** What a text says it left out, and the rows that it has, by status. */
  function account(text: string) {
    const counts = new Map<string, number>();
    for (const [, status = ""] of text.matchAll(/^\| . ([A-Z_]+) \| `prod/gm)) {
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    return { counts, leftOut: /\*\*(\d+) findings left out\*\*.*: (.*)\. The/.exec(text) };
  }

  test.each([
    { accounts: 1_000, regions: 30, only: null, leftOut: /^\d+ compliant$/ },
    {
      accounts: 1_000,
      regions: 30,
      only: "NON_COMPLIANT" as const,
      leftOut: /^\d+ not compliant$/,
    },
  ])("of $accounts accounts is what GitHub shows: only $only", async (shape) => {
    const status = (number: number, region: number): Status =>
      shape.only ?? STATUSES[(number * 7 + region) % 40] ?? "COMPLIANT";
    const report = manyAccounts({ ...shape, status });
    const text = await render(report);
    const bytes = Buffer.byteLength(text);
    expect(bytes).toBeLessThan(MAX_BYTES);
    expect(bytes).toBeGreaterThan(MAX_BYTES * 0.9);
    const { counts, leftOut } = account(text);
    const shown = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(Number(leftOut?.[1])).toBe(report.findings.length - shown);
    expect(leftOut?.[2]).toMatch(shape.leftOut);
    expect(/\n```sh\n# account prod-\d+ \d+\naliyun /.test(text)).toBe(true);
    expect(/\n\d+ commands left out\.\n/.test(text)).toBe(shape.only !== null);
  });

  test("is what is asked for, as long as the verdict fits, and nothing worse is left out", async () => {
    const report = manyAccounts({
      accounts: 40,
      regions: 3,
      status: (_, region) => STATUSES[region] ?? "COMPLIANT",
    });
    const whole = Buffer.byteLength(await render(report));
    for (let maxBytes = 6_000; maxBytes < whole + 4_000; maxBytes += 997) {
      const text = await render(report, { maxBytes });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      expect(text).toMatch(/^## ✖ 40 of 120 regions are not compliant\n/);
      const { counts, leftOut } = account(text);
      const shown = [...counts.values()].reduce((sum, count) => sum + count, 0);
      expect(Number(leftOut?.[1] ?? 0)).toBe(120 - shown);
      const [worst = 0, unreadable = 0, well = 0] = WORST_FIRST.map((of) => counts.get(of) ?? 0);
      expect(unreadable === 0 || worst === 40).toBe(true);
      expect(well === 0 || unreadable === 40).toBe(true);
    }
  });
});
