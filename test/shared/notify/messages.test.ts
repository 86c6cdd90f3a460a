import { describe, expect, test } from "vitest";

import { type Alert, alertOf } from "../../../shared/alerts/alert.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { reportWith } from "../../harness/report-with.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";
import { bodiesOf, CHATS, shareOfLimit, textOf, textsOf } from "./read-bodies.ts";

const ALERT = alertWith(["opened", "resolved"], {
  others: ["NON_COMPLIANT", "INSUFFICIENT_DATA"],
  edit: (finding) => ({ ...finding, localName: `华东（${finding.regionId}）` }),
});

/** More accounts than five messages of any vendor have room for. */
const MANY = alertWith(
  Array.from({ length: 3_000 }, () => "opened"),
  {
    edit: (finding) => ({ ...finding, accountId: `of-${finding.regionId}-${"y".repeat(40)}` }),
  },
);
/** The same in one list. */
const LIST = alertWith(
  Array.from({ length: 3_000 }, () => "opened"),
  { edit: (finding) => ({ ...finding, regionId: `${finding.regionId}-${"x".repeat(60)}` }) },
);

describe("the content of a message", () => {
  const events = ["opened", "reminder", "changed", "resolved", "unreadable", "readable"] as const;

  test("of every event, in Chinese", () => {
    expect(textOf("wecom", alertWith(events))).toMatchInlineSnapshot(`
      "<font color="warning">未开通：2 个地域；仍未开通：cn-r1；状态无法读取：cn-r4；已恢复，现已开通：cn-r3；状态已可读取：cn-r5 · VPC 流日志功能</font> [flowlog-guard]
      **cn-r0**：未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`
      **cn-r2**：未开通 VPC 流日志功能，原因有变
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r2/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r2\`
      **cn-r1**：仍未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r1\`
      **cn-r4**：状态无法读取（\`TIMEOUT\`，响应超时）
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      **cn-r3**：已恢复，VPC 流日志功能已开通
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      [创建流日志](https://vpc.console.aliyun.com/flowlog/cn-r3/flowlogs)
      **cn-r5**：状态已可读取
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      \`TIMEOUT\` 的处理方法：检查到该地域的网络，或调大 \`timeout\`。
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      仍需创建流日志：仅开通功能不会记录任何流量。
      已读取 5/6 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });

  test("of every event, in English", () => {
    expect(textOf("wecom", alertWith(events), { language: "en" })).toMatchInlineSnapshot(`
      "<font color="warning">Not activated: 2 regions; still not activated: cn-r1; cannot be read: cn-r4; resolved, now activated: cn-r3; can be read again: cn-r5 · VPC flow log service</font> [flowlog-guard]
      **cn-r0**: the VPC flow log service is not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · Fix: \`aliyun vpc OpenFlowLogService --region cn-r0\`
      **cn-r2**: the VPC flow log service is not activated, now for another reason
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-r2/flowlogs) · Fix: \`aliyun vpc OpenFlowLogService --region cn-r2\`
      **cn-r1**: the VPC flow log service is still not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs) · Fix: \`aliyun vpc OpenFlowLogService --region cn-r1\`
      **cn-r4**: cannot be read (\`TIMEOUT\`, no answer in time)
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      **cn-r3**: resolved, the VPC flow log service is activated
      Account 1234567890123456 · the problem began 2026-11-20 08:17 UTC
      [Create a flow log](https://vpc.console.aliyun.com/flowlog/cn-r3/flowlogs)
      **cn-r5**: can be read again
      Account 1234567890123456 · the problem began 2026-11-20 08:17 UTC
      What to do about \`TIMEOUT\`: check the network to the region, or raise \`timeout\`.
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Still to do: create a flow log. Activation alone records nothing.
      Read 5 of 6 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });

  test("of a readable region, that it is still not activated", () => {
    const { changes } = alertWith(["readable"], {
      edit: (finding) => ({ ...finding, status: "NON_COMPLIANT" }),
    });
    const findings = changes.map(({ finding }) => finding);
    const text = textOf("slack", alertWith([], { changes, findings }));
    expect(text).toContain("Still not activated (already notified): cn-r0");
  });

  test("of how many regions were read, without exempt regions that were not", () => {
    const observed = {
      status: "INSUFFICIENT_DATA",
      reason: { code: "TIMEOUT", message: "No answer." },
    } as const;
    const exemption = {
      owner: "net-team",
      reason: "gone",
      expires: "2999-12-31",
      endsSoon: false,
      observed,
    };
    const alert = alertWith(["opened"], {
      others: ["IGNORED", "COMPLIANT"],
      edit: (finding) => (finding.status === "IGNORED" ? { ...finding, exemption } : finding),
    });
    expect(textOf("slack", alert)).toContain("Read 2 of 3 regions");
  });

  test.each<[readonly Status[], string, string]>([
    [
      ["COMPLIANT", "IGNORED"],
      "Summary of 2 regions: 1 activated, 1 exempt · VPC flow log service",
      "汇总（共 2 个地域）：1 个已开通，1 个已豁免 · VPC 流日志功能",
    ],
    [
      ["NON_COMPLIANT", "NON_COMPLIANT", "COMPLIANT"],
      "Summary of 3 regions: 2 not activated, 1 activated · VPC flow log service",
      "汇总（共 3 个地域）：2 个未开通，1 个已开通 · VPC 流日志功能",
    ],
    [
      ["COMPLIANT"],
      "Summary of 1 region: 1 activated · VPC flow log service",
      "汇总（共 1 个地域）：1 个已开通 · VPC 流日志功能",
    ],
    [
      ["NON_COMPLIANT", "INSUFFICIENT_DATA"],
      "Summary of 2 regions: 1 not activated, 1 cannot be read · VPC flow log service",
      "汇总（共 2 个地域）：1 个未开通，1 个无法读取 · VPC 流日志功能",
    ],
    [
      [],
      "Summary: nothing was checked · VPC flow log service",
      "汇总：未检查任何地域 · VPC 流日志功能",
    ],
  ])("in a summary of %j", (others, english, chinese) => {
    const alert = alertWith([], { kind: "summary", others });
    expect(textOf("slack", alert).split("\n")[0]).toBe(`${english} [flowlog-guard]`);
    expect(textOf("dingtalk", alert).split("\n")[0]).toBe(`${chinese} [flowlog-guard]`);
  });

  test("in a summary, which regions it is about", () => {
    const others = ["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"] as const;
    expect(textOf("wecom", alertWith([], { kind: "summary", others }))).toMatchInlineSnapshot(`
      "<font color="comment">汇总（共 3 个地域）：1 个未开通，1 个无法读取，1 个已开通 · VPC 流日志功能</font> [flowlog-guard]
      账号 1234567890123456
      未开通：cn-r0
      状态无法读取（\`TIMEOUT\`，响应超时）：cn-r1
      \`TIMEOUT\` 的处理方法：检查到该地域的网络，或调大 \`timeout\`。
      已读取 2/3 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });

  test("of the controls of the rules of the run, and of no other", () => {
    const known = [...DEFAULT_RULES, SAMPLE_RULE];
    const text = textOf("slack", alertOf("summary", reportWith(["COMPLIANT"]), known, [], true));
    expect(text).toContain("precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0");
    expect(text).not.toContain("ACME");
  });

  test("in a test", () => {
    const alert = alertWith([], { kind: "test" });
    expect(textOf("slack", alert)).toContain("Test message [flowlog-guard]");
    expect(textOf("dingtalk", alert)).toContain("测试消息 [flowlog-guard]");
  });

  test("of exemptions that end soon", () => {
    const exemption = {
      owner: "net_team",
      reason: "NET-42",
      expires: "2026-11-25",
      endsSoon: true,
      observed: { status: "NON_COMPLIANT", reason: { code: "NOT_ACTIVATED", message: "…" } },
    } as const;
    const endingExemptions = ALERT.unreadable.map((finding) => ({ ...finding, exemption }));
    const text = textOf("slack", { ...ALERT, endingExemptions }, { language: "zh" });
    expect(text).toContain("*cn-r3*：豁免有效期至 2026-11-25，负责人：net＿team");
  });

  test("no time where no state remembers the beginning", () => {
    const changes = ALERT.changes.map((change) => ({ ...change, sinceMs: null }));
    expect(textOf("slack", { ...ALERT, changes })).not.toMatch(/since|null/);
  });

  test("local names in English only where they are in ASCII", () => {
    const named = (localName: string) => {
      const alert = alertWith(["opened", "opened"], {
        edit: (finding) => ({ ...finding, localName }),
      });
      return textOf("slack", alert);
    };
    expect(named("华东1（杭州）")).not.toContain("华东");
    expect(named("China (Hangzhou)")).toContain("*cn-r0* China (Hangzhou): ");
  });
});

describe.each(CHATS)("%s", (type) => {
  test.each(["en", "zh"] as const)("has the notes on all regions once, in %s", (language) => {
    const said = (events: Parameters<typeof alertWith>[0], part: string): number =>
      textOf(type, alertWith(events), { language }).split(part).length - 1;
    const before = { en: "Activation cannot be undone.", zh: "开通后无法关闭" }[language];
    const after = { en: "Activation alone records nothing.", zh: "仅开通功能不会记录" }[language];
    const twice = ["opened", "reminder", "resolved", "resolved"] as const;
    expect([said(twice, before), said(twice, after)]).toEqual([1, 1]);
    expect([said(["opened"], before), said(["opened"], after)]).toEqual([1, 0]);
    expect([said(["resolved"], before), said(["resolved"], after)]).toEqual([0, 1]);
    expect([said(["unreadable"], before), said(["readable"], after)]).toEqual([0, 0]);
  });

  test("links each resolved region to the page on which a flow log is created", () => {
    const sent = JSON.stringify(bodiesOf(type, alertWith(["resolved", "resolved", "readable"])));
    expect(sent).toContain("https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs");
    expect(sent).toContain("https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs");
    expect(sent).not.toContain("flowlog/cn-r2/");
  });

  test.each(["告警", "[it] (a*b)"])("has the keyword %s in every message", (keyword) => {
    const kinds = (["alert", "summary", "test"] as const).map((kind) => ({ ...ALERT, kind }));
    const bodies = [MANY, LIST, alertWith(["resolved"]), ...kinds].flatMap((alert) =>
      bodiesOf(type, alert, { keyword }),
    );
    expect(bodies.length).toBeGreaterThanOrEqual(14);
    for (const body of bodies) {
      const texts = textsOf(body);
      expect(texts.filter((text) => text.includes(keyword)).length).toBeGreaterThan(
        type === "wecom" || type === "teams" ? 0 : 1,
      );
    }
  });

  test("mentions users in the first message only, and not where everything is over", () => {
    const mentions = { userIds: ["zhang-san"] };
    const mentioning = (alert: Alert) =>
      bodiesOf(type, alert, { mentions }).map((body) => JSON.stringify(body).includes("zhang-san"));
    expect(mentioning(alertWith(["resolved", "readable"]))).toEqual([false]);
    expect(mentioning(alertWith([], { kind: "summary", others: ["NON_COMPLIANT"] }))).toEqual([
      false,
    ]);
    const many = mentioning(MANY);
    expect(many).toEqual([true, ...many.slice(1).map(() => false)]);
    expect(many).toHaveLength(5);
  });

  test.each([
    ["by account", MANY, /-y{40}/g],
    ["in a list", LIST, /-x{60}/g],
  ])(
    "numbers messages, and counts the subjects that five have no room for: %s",
    (_how, alert, shown) => {
      const bodies = bodiesOf(type, alert);
      const texts = bodies.map((body) => textsOf(body).join("\n"));
      expect(texts).toHaveLength(5);
      for (const [index, text] of texts.entries()) expect(text).toContain(`(${index + 1}/5)`);
      const count = texts.join("\n").match(shown)?.length ?? 0;
      expect(count).toBeGreaterThan(30);
      const left = new RegExp(`\\b${3_000 - count}\\b`);
      expect(texts.map((text) => left.test(text))).toEqual([false, false, false, false, true]);
      for (const body of bodies) expect(shareOfLimit(type, body)).toBeLessThanOrEqual(1);
    },
  );
});
