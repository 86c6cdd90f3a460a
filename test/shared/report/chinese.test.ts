import { describe, expect, test } from "vitest";

import { FAILURE_CODES, type Finding } from "../../../shared/audit/finding.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { summarizeRule } from "../../../shared/audit/rule-card.ts";
import type { RenderOptions } from "../../../shared/report/format.ts";
import { html } from "../../../shared/report/html.ts";
import { markdown } from "../../../shared/report/markdown.ts";
import { table } from "../../../shared/report/table.ts";
import { loadWords } from "../../../shared/report/words/load-words.ts";
import { chineseAdviceOn } from "../../../shared/report/words/zh-advice.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { displayWidth } from "../../../shared/text/display-width.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { reportWith } from "../../harness/report-with.ts";
import { type FindingSketch, resourceReport } from "../../harness/resource-report.ts";
import { withExemption } from "./with-exemption.ts";

const CARDS = await loadRules(RULE_IDS);
const words = await loadWords("zh");
const IN_CHINESE: RenderOptions = { color: false, cards: CARDS, words, wayToAsk: "flag" };

const SMALL = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);

test("a whole table", () => {
  expect(table.render(SMALL, IN_CHINESE)).toBe(`\
状态         地域    原因            请求 ID
✔ 合规       cn-r0   ACTIVATED       REQUEST-0
✖ 不合规     cn-r1   NOT_ACTIVATED   REQUEST-1
? 无法读取   cn-r2   TIMEOUT         REQUEST-2

✖ cn-r1  未开通。开通命令：aliyun vpc OpenFlowLogService --region cn-r1
? cn-r2  响应超时（HTTP 200）。检查到该地域的网络，或调大 timeout。
开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。

账号 1234567890123456，3 个地域：合规 1，不合规 1，无法读取 1（耗时 1.2 秒）
合规是指：VPC 流日志功能已开通。这是 CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件，并不充分。不能证明已创建流日志或流量已被记录。
未检查：流量是否被记录、记录是否完整、是否已投递、是否已留存。如需检查，请使用 --rules all。
`);
});

test("a whole job summary, with times of Beijing", async () => {
  expect(await markdown.render(SMALL, IN_CHINESE)).toBe(`\
## ✖ 3 个地域中有 1 个不合规

| 状态 | 代码 | 数量 |
| --- | --- | --: |
| ✖ 不合规 | NON_COMPLIANT | 1 |
| ? 无法读取 | INSUFFICIENT_DATA | 1 |
| - 已豁免 | IGNORED | 0 |
| ✔ 合规 | COMPLIANT | 1 |
| - 不适用 | NOT_APPLICABLE | 0 |

- 账号：\`1234567890123456\`
- 地域数：3
- 规则：\`flow-log-service-activated\`
- 执行者：\`acs:ram::1234567890123456:user/auditor\`
- 时间：\`2026-11-22 16:00:00（北京时间）\` 至 \`2026-11-22 16:00:01（北京时间）\`
- 运行 ID：\`5e1f0b1e-0000-4000-8000-000000000001\`，\`flowlog-guard 0.1.0\`

### 需要关注

| 状态 | 地域 | 原因 | 检查情况 |
| --- | --- | --- | --- |
| ✖ 不合规 | \`cn-r1\` | \`NOT_ACTIVATED\` | 未开通。开通命令：aliyun vpc OpenFlowLogService --region cn-r1 |
| ? 无法读取 | \`cn-r2\` | \`TIMEOUT\` | 响应超时（HTTP 200）。检查到该地域的网络，或调大 timeout。 |

### 处理方法

- 开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。

\`\`\`sh
aliyun vpc OpenFlowLogService --region cn-r1
\`\`\`

### 能证明什么

- 合规是指：VPC 流日志功能已开通。这是 CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件，并不充分。不能证明已创建流日志或流量已被记录。
- 未检查：流量是否被记录、记录是否完整、是否已投递、是否已留存。如需检查，请使用 --rules all。

<details><summary>合规 1</summary>

| 状态 | 地域 | 原因 | 检查情况 |
| --- | --- | --- | --- |
| ✔ 合规 | \`cn-r0\` | \`ACTIVATED\` | 已开通。 |

</details>
`);
});

test("every reason for which a finding is not compliant has Chinese advice", () => {
  const codes = CARDS.flatMap(({ reasons }) =>
    Object.entries(reasons).flatMap(([code, { status }]) =>
      status === "NON_COMPLIANT" ? [code] : [],
    ),
  );
  expect(codes.length).toBeGreaterThan(8);
  expect(codes.filter((code) => chineseAdviceOn(code) === null)).toEqual([]);
});

/** Every reason that any rule can give, each with and without what a remedy needs. */
function everyReason(): Report {
  const sketches = CARDS.flatMap((card): FindingSketch[] => [
    ...Object.entries(card.reasons).map(([code, { status }]) => ({
      ruleId: card.id,
      code,
      status,
      ...(card.subject !== "region" && { id: `id-${code}-${card.id}`, name: "名称" }),
    })),
    ...FAILURE_CODES.map((code, index) => ({
      ruleId: card.id,
      regionId: `cn-r${index}`,
      status: "INSUFFICIENT_DATA" as const,
      code,
    })),
  ]);
  const report = resourceReport(sketches);
  const findings = report.findings.map((finding, index): Finding => {
    const isToMend = finding.status === "NON_COMPLIANT" && index % 2 === 0;
    return isToMend
      ? { ...finding, remedy: { command: "aliyun do it", terraform: null } }
      : finding;
  });
  return { ...report, findings, rules: CARDS.map(summarizeRule) };
}

/** Words that Chinese readers know by these names, and what is code. */
const NAMES =
  /CIS Alibaba Cloud Foundation Benchmark|flowlog-guard( policy( --member)?)?|aliyun sls update-log-store|\b(VPC|RAM|SLS|STS Token|AccessKey|Logstore|Project|Terraform|JSON|HTTP|ID|API|GitHub|PROJECT|LOGSTORE|NODE_EXTRA_CA_CERTS|concurrency|deadline|timeout|audit|(vpc|sts|log|ecs|resourcemanager):\w+)\b|--rules all|--only|ecs\.\w+|(?<=、)[a-z]{1,2}\d\b|(?<=、)(xn4|mn4|sn\d|gn\d|ga1|se1|ce4|cm4)\b/g;

/** What of a text is Latin script, and is no id, code, command or name. */
function latinIn(text: string, report: Report): string[] {
  const known = new Set(
    report.findings.flatMap(({ ruleId, regionId, reason, resource, evidence }) => [
      ruleId,
      regionId,
      reason.code,
      resource?.id ?? "",
      evidence.requestId ?? "",
    ]),
  );
  const shown = [...known].toSorted((a, b) => b.length - a.length);
  const rest = text
    .split("\n")
    .map((line) => line.replace(/aliyun (do it|vpc|sls create).*$/, ""))
    .join("\n");
  const remaining = shown.reduce((left, id) => (id === "" ? left : left.replaceAll(id, " ")), rest);
  return remaining.replaceAll(NAMES, " ").match(/[A-Za-z]{2,}/g) ?? [];
}

describe("no English is left over", () => {
  test("of a table of one account, of every width", () => {
    const report = everyReason();
    for (const columns of [null, 80, 200]) {
      expect(latinIn(table.render(report, { ...IN_CHINESE, columns }), report)).toEqual([]);
    }
  });

  test("of a table of several accounts", () => {
    const report = organizationReport([
      { id: CALLER_ID, name: "安全", statuses: ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"] },
      { id: memberId(1), name: "生产", statuses: ["COMPLIANT", "COMPLIANT"] },
      {
        id: memberId(2),
        name: "测试",
        statuses: ["INSUFFICIENT_DATA", "INSUFFICIENT_DATA"],
        failure: "ACCESS_DENIED",
      },
      { id: memberId(3), name: "停用" },
    ]);
    const unknown = { ...report, caller: null, managementAccountUnknown: true as const };
    for (const columns of [null, 80]) {
      const text = table.render(unknown, { ...IN_CHINESE, columns });
      expect(latinIn(text.replaceAll("BEING_DELETED", ""), report)).toEqual([]);
      expect(text).toContain("未检查：BEING_DELETED：账号正在删除。");
    }
  });

  test("of an exempt finding", async () => {
    const report = withExemption(SMALL, "2027-03-31");
    const text = table.render(report, { ...IN_CHINESE, only: ["IGNORED"] });
    expect(text).toContain("- 已豁免");
    expect(text).toContain("未显示 2 项检查结果（--only）");
    expect(await markdown.render(report, IN_CHINESE)).toContain(
      "| 豁免至 2027-03-31，负责人：net-team，原因：NET-42。实际状态：不合规，已开通。 |",
    );
  });

  test("of a job summary", async () => {
    const report = everyReason();
    const text = await markdown.render(report, IN_CHINESE);
    const codes = /\b(NON_COMPLIANT|INSUFFICIENT_DATA|IGNORED|COMPLIANT|NOT_APPLICABLE)\b/g;
    const frame = /<\/?(details|summary)>|```sh|acs:ram::\d+:user\/auditor|- 运行 ID：.*/g;
    expect(latinIn(text.replaceAll(frame, "").replaceAll(codes, ""), report)).toEqual([]);
  });
});

test("rows fit into 80 columns, whatever the width of names", () => {
  const report = organizationReport([
    {
      id: CALLER_ID,
      name: "一个名字很长很长很长很长很长很长很长很长的账号",
      statuses: ["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"],
    },
    { id: memberId(1), name: "生产", statuses: ["COMPLIANT", "COMPLIANT"] },
  ]);
  const text = table.render(report, { ...IN_CHINESE, columns: 80 });
  const rows = text.slice(0, text.indexOf("\n\n")).split("\n");
  expect(rows.length).toBeGreaterThan(4);
  for (const row of rows) expect(displayWidth(row)).toBeLessThanOrEqual(80);
});

test("columns are aligned by width, and not by the number of characters", () => {
  const lines = table.render(SMALL, IN_CHINESE).split("\n").slice(0, 4);
  const starts = lines.map((line) => displayWidth(line.slice(0, line.search(/地域|cn-r/))));
  expect(new Set(starts).size).toBe(1);
});

describe("a page", () => {
  const openingOf = (text: string): string => /<html[^>]*>/.exec(text)?.[0] ?? "";

  test("begins with the language of the words, in the title and the switch", async () => {
    const page = await html.render(SMALL, IN_CHINESE);
    expect(openingOf(page)).toBe('<html lang="zh-Hans" data-language="zh">');
    expect(page).toMatch(/<title [^>]*>不合规：3 个地域中有 1 个/);
    expect(page).toMatch(/id="language-zh"[^>]* checked/);
    expect(page).not.toMatch(/id="language-en"[^>]* checked/);
  });

  test("leaves the language to the browser where none is chosen", async () => {
    const { words: _words, ...options } = IN_CHINESE;
    const page = await html.render(SMALL, options);
    expect(openingOf(page)).toBe('<html lang="en">');
    expect(page).toMatch(/id="language-en"[^>]* checked/);
  });
});
