import { describe, expect, test } from "vitest";

import type { Alert, Change, ChangeEvent } from "../../../shared/alerts/alert.ts";
import { goneFinding } from "../../../shared/alerts/gone-finding.ts";
import { lastKnownFinding } from "../../../shared/alerts/last-known-finding.ts";
import type { Finding, Status } from "../../../shared/audit/finding.ts";
import { keyOf } from "../../../shared/audit/subject.ts";
import { type Language, LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { type ReceiverType, RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import { FORMAT_NAMES, formatOf } from "../../../shared/report/formats.ts";
import { flowLogServiceActivated } from "../../../shared/rules/flow-log-service-activated.ts";
import { alertWith, SINCE_MS } from "../../harness/alert-with.ts";
import { reportWith } from "../../harness/report-with.ts";
import { asSample, SAMPLE_RULE } from "../../harness/sample-rule.ts";
import { bodiesOf, CHATS, shareOfLimit, textOf, textsOf } from "./read-bodies.ts";

const EVENTS = ["opened", "reminder", "changed", "resolved", "unreadable", "readable"] as const;

function times(count: number, event: ChangeEvent): ChangeEvent[] {
  return Array.from({ length: count }, () => event);
}

/** An alert of a run with the second rule alone. */
function sampleAlert(
  events: readonly ChangeEvent[],
  options: Parameters<typeof alertWith>[1] = {},
): Alert {
  return alertWith(events, {
    cards: [SAMPLE_RULE],
    edit: (finding) => asSample(finding),
    ...options,
  });
}

function exempted(finding: Finding): Finding {
  const { status, reason } = finding;
  const agreed = { owner: "net-team", reason: "moving", expires: "2027-03-31", endsSoon: true };
  return { ...finding, status: "IGNORED", exemption: { ...agreed, observed: { status, reason } } };
}

/** A sample of which neither yes nor no is known. */
function unclear(finding: Finding): Finding {
  const reason = { code: "UNCLEAR", message: "Its label is hard to make out." };
  return {
    ...asSample({ ...finding, status: "NON_COMPLIANT" }),
    status: "INSUFFICIENT_DATA",
    reason,
  };
}

/** A sample that the rule does not judge. */
function onLoan(finding: Finding): Finding {
  const reason = { code: "ON_LOAN", message: "It is on loan to another lab." };
  return { ...asSample(finding), status: "NOT_APPLICABLE", reason };
}

function gone(finding: Finding): Finding {
  return goneFinding(asSample(finding), finding);
}

/** Everything that a receiver can be sent about the second rule. */
const ALERTS: Readonly<Record<string, Alert>> = {
  ...Object.fromEntries(EVENTS.map((event) => [event, sampleAlert([event])])),
  "every event": sampleAlert(EVENTS),
  "lists of every event": sampleAlert(EVENTS.flatMap((event) => times(7, event))),
  "open and unreadable without changes": sampleAlert(["opened"], {
    others: ["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"],
  }),
  summary: sampleAlert([], {
    kind: "summary",
    others: ["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT", "COMPLIANT"],
  }),
  "summary of nothing open": sampleAlert([], { kind: "summary", others: ["COMPLIANT"] }),
  ...Object.fromEntries(
    (["open", "unreadable"] as const).flatMap((condition) => {
      const alert = sampleAlert([condition === "open" ? "opened" : "unreadable"]);
      const changeTo = (event: ChangeEvent, edit: (finding: Finding) => Finding): Alert => ({
        ...alert,
        findings: [],
        unreadable: [],
        changes: alert.changes.map((change) => ({
          ...change,
          event,
          finding: edit(change.finding),
        })),
      });
      return [
        [`exempt, ${condition}`, changeTo("changed", exempted)],
        [
          `unscoped, ${condition}`,
          changeTo("unscoped", (finding) => lastKnownFinding(finding, condition)),
        ],
      ];
    }),
  ),
  "unreadable that was open": (() => {
    const alert = sampleAlert(["unreadable"], { others: ["INSUFFICIENT_DATA"] });
    const keys = alert.unreadable.map((finding) => [keyOf(finding), SINCE_MS] as const);
    return { ...alert, openSince: new Map(keys) };
  })(),
  "an exemption that ends": (() => {
    const alert = sampleAlert(["opened"], { others: ["NON_COMPLIANT"] });
    return { ...alert, endingExemptions: alert.findings.map(exempted) };
  })(),
  gone: sampleAlert(["resolved"], { edit: gone }),
  "gone, and was unreadable": sampleAlert(["readable"], { edit: gone }),
  "lists of samples that are gone": sampleAlert(times(7, "resolved"), { edit: gone }),
  "not applicable": sampleAlert(["resolved"], { edit: onLoan }),
  "some not applicable": sampleAlert(["resolved", "resolved", "resolved"], {
    edit(finding) {
      const edits = new Map([
        ["cn-r0", gone],
        ["cn-r1", onLoan],
      ]);
      return (edits.get(finding.regionId) ?? asSample)(finding);
    },
  }),
  "not known": sampleAlert(["unreadable"], { edit: unclear }),
  "lists of samples not known": sampleAlert(times(7, "unreadable"), { edit: unclear }),
  "not known without changes": sampleAlert(["opened"], {
    others: ["INSUFFICIENT_DATA"],
    edit: (finding) =>
      finding.status === "INSUFFICIENT_DATA" ? unclear(finding) : asSample(finding),
  }),
  "state failed": sampleAlert(["opened"], { stateFailed: true }),
};

/** All texts on a card, however deep. */
function textsOn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOn);
}

const { words, title, doesNotProve, reasons, alertNames } = flowLogServiceActivated;
const FIRST_RULE_TEXTS = textsOn([
  ...[words, title, doesNotProve, alertNames, Object.keys(reasons)],
  flowLogServiceActivated.remedy({ regionId: "cn-r0" }),
]);
const FIRST_RULE_WORDS =
  /flow[ -]?log|activat|OpenFlowLog|VpcFlowLog|\bCIS\b|Alibaba Cloud Foundation|aliyun vpc|开通|流日志/i;

/** Words that a message must not have where it is not about the first rule. */
function firstRuleWordsIn(text: string): string[] {
  // The name of this program, and the host that the made-up evidence names.
  const said = text.replaceAll(/flowlog[-_]guard|vpc\.aliyuncs\.com/g, "");
  return [
    ...FIRST_RULE_TEXTS.filter((own) => said.includes(own)),
    ...(FIRST_RULE_WORDS.exec(said) ?? []),
  ];
}

function allOf(type: ReceiverType, alert: Alert, language: Language): string {
  return JSON.stringify(bodiesOf(type, alert, { language }));
}

describe.each(RECEIVER_TYPES)("%s, about a second rule alone,", (type) => {
  describe.each(LANGUAGES)("in %s", (language) => {
    test.each(Object.entries(ALERTS))("has no word of the first rule: %s", (_what, alert) => {
      expect(firstRuleWordsIn(allOf(type, alert, language))).toEqual([]);
      for (const body of bodiesOf(type, alert, { language })) {
        expect(shareOfLimit(type, body)).toBeLessThanOrEqual(1);
      }
    });

    test.each(Object.entries(ALERTS))("names each subject of a change: %s", (_what, alert) => {
      const text = allOf(type, alert, language);
      const ids = alert.changes.flatMap(({ finding }) => [
        finding.regionId,
        finding.resource?.id ?? finding.regionId,
      ]);
      for (const id of ids) expect(text).toContain(id);
    });
  });
});

/** The text of a chat about the second rule. */
const OWN: Readonly<Record<string, Readonly<Record<Language, readonly string[]>>>> = {
  opened: {
    en: [
      "Out of order: cn-r0/s-cn-r0 · ACME samples",
      "Broken (",
      "acme mend --region cn-r0 --id s-cn-r0",
    ],
    zh: ["未就绪：cn-r0/s-cn-r0 · ACME 样品", "破损（", "acme mend --region cn-r0 --id s-cn-r0"],
  },
  reminder: {
    en: ["Still out of order: cn-r0/s-cn-r0 · ACME samples", "name of s-cn-r0"],
    zh: ["仍未就绪：cn-r0/s-cn-r0 · ACME 样品", "name of s-cn-r0"],
  },
  resolved: {
    en: [
      "Resolved, now in order: cn-r0/s-cn-r0 · ACME samples",
      "Fetch a broom",
      "Sweep the floor.",
    ],
    zh: ["已恢复，现已就绪：cn-r0/s-cn-r0 · ACME 样品", "取扫帚", "请扫地。"],
  },
  unreadable: {
    en: ["Cannot be read: cn-r0 · ACME samples", "TIMEOUT"],
    zh: ["状态无法读取：cn-r0 · ACME 样品", "TIMEOUT"],
  },
  readable: {
    en: ["Can be read again: cn-r0/s-cn-r0 · ACME samples"],
    zh: ["状态已可读取：cn-r0/s-cn-r0 · ACME 样品"],
  },
  "every event": {
    en: [
      "Out of order: 2 samples; still out of order: cn-r1/s-cn-r1; cannot be read: cn-r4; resolved, now in order: cn-r3/s-cn-r3; can be read again: cn-r5/s-cn-r5 · ACME samples",
      "out of order, now for another reason",
      "Mind the step.",
      "ACME Baseline 3.1 control 7",
    ],
    zh: ["未就绪：2 份样品；", "未就绪，原因有变", "小心台阶。", "ACME Baseline 3.1 控制项 7"],
  },
  "lists of every event": {
    en: ["acme mend --region <region> --id <id>", "14 samples", "console.example/<region>/<id>"],
    zh: ["acme mend --region <region> --id <id>", "14 份样品", "console.example/<region>/<id>"],
  },
  "open and unreadable without changes": {
    en: ["Still out of order (already notified): cn-r1/s-cn-r1", "Read 3 of 4 regions"],
    zh: ["此前已通知，仍未就绪：cn-r1/s-cn-r1", "已读取 3/4 个地域"],
  },
  summary: {
    en: [
      "Summary of 3 samples: 1 out of order, 1 region cannot be read, 2 in order · ACME samples",
      "Out of order: cn-r0/s-cn-r0",
    ],
    zh: [
      "汇总（共 3 份样品）：1 个未就绪，1 个地域无法读取，2 个已就绪 · ACME 样品",
      "未就绪：cn-r0/s-cn-r0",
    ],
  },
  "summary of nothing open": {
    en: ["Summary of 1 sample: 1 in order · ACME samples"],
    zh: ["汇总（共 1 份样品）：1 个已就绪 · ACME 样品"],
  },
  "exempt, open": {
    en: ["Exempt: cn-r0/s-cn-r0", "Out of order, exempt until 2027-03-31"],
    zh: ["已豁免：cn-r0/s-cn-r0", "未就绪，已豁免，有效期至 2027-03-31"],
  },
  "unscoped, open": {
    en: ["No longer checked: cn-r0/s-cn-r0", "Out of order when last read"],
    zh: ["不再检查：cn-r0/s-cn-r0", "上次读取时未就绪"],
  },
  gone: {
    en: [
      "No longer applicable: cn-r0/s-cn-r0 · ACME samples",
      "No longer found in the region, or no longer used there (GONE)",
      "the problem began 2026-11-20 08:17 UTC",
    ],
    zh: ["不再适用：cn-r0/s-cn-r0 · ACME 样品", "该地域中已不存在，或不再使用（GONE）"],
  },
  "gone, and was unreadable": {
    en: ["No longer applicable: cn-r0/s-cn-r0 · ACME samples", "(GONE)"],
    zh: ["不再适用：cn-r0/s-cn-r0 · ACME 样品", "（GONE）"],
  },
  "lists of samples that are gone": {
    en: [
      "No longer applicable: 7 samples · ACME samples",
      "No longer applicable (GONE, no longer found in the region, or no longer used there) · account",
    ],
    zh: ["不再适用：7 份样品 · ACME 样品", "不再适用（GONE，该地域中已不存在，或不再使用）"],
  },
  "not applicable": {
    en: ["No longer applicable: cn-r0/s-cn-r0 · ACME samples", "On loan to another lab (ON_LOAN)"],
    zh: ["不再适用：cn-r0/s-cn-r0 · ACME 样品", "已借出（ON_LOAN）"],
  },
  "some not applicable": {
    en: [
      "Resolved, now in order: cn-r2/s-cn-r2; no longer applicable: 2 samples · ACME samples",
      "cn-r0/s-cn-r0 name of s-cn-r0: no longer applicable (GONE, no longer found in the region, or no longer used there)",
      "cn-r1/s-cn-r1 name of s-cn-r1: no longer applicable (ON_LOAN, on loan to another lab)",
      "Sweep the floor.",
    ],
    zh: [
      "已恢复，现已就绪：cn-r2/s-cn-r2；不再适用：2 份样品 · ACME 样品",
      "不再适用（ON_LOAN，已借出）",
      "请扫地。",
    ],
  },
  "not known": {
    en: [
      "Cannot be read: cn-r0/s-cn-r0 · ACME samples",
      "Label hard to make out (UNCLEAR)",
      "What to do about UNCLEAR: wait for the next run; if it lasts, look at the resource in the console.",
    ],
    zh: [
      "状态无法读取：cn-r0/s-cn-r0 · ACME 样品",
      "标签不清（UNCLEAR）",
      "UNCLEAR 的处理方法：等待下次检查；如持续出现，请在控制台查看该资源。",
    ],
  },
  "lists of samples not known": {
    en: [
      "Cannot be read (UNCLEAR, label hard to make out) · account",
      "Console: console.example/<region>/<id>",
    ],
    zh: ["状态无法读取（UNCLEAR，标签不清）", "控制台：console.example/<region>/<id>"],
  },
  "not known without changes": {
    en: [
      "Could not be read (UNCLEAR, label hard to make out): cn-r1/s-cn-r1",
      "What to do about UNCLEAR",
    ],
    zh: ["状态无法读取（UNCLEAR，标签不清）：cn-r1/s-cn-r1", "UNCLEAR 的处理方法"],
  },
  "unreadable that was open": {
    en: [
      "When last read, it was out of order (since 2026-11-20 08:17 UTC).",
      "cn-r1 (out of order when last read)",
    ],
    zh: ["最近一次成功读取时未就绪，自 2026-11-20 16:17", "cn-r1（最近一次读取时未就绪）"],
  },
  "an exemption that ends": {
    en: ["cn-r1/s-cn-r1: exemption ends on 2027-03-31, owner: net-team"],
    zh: ["cn-r1/s-cn-r1：豁免有效期至 2027-03-31，负责人：net-team"],
  },
  "state failed": {
    en: ["nobody is notified that a problem is over or that a region cannot be read."],
    zh: ["不会通知问题已恢复或地域无法读取。"],
  },
};

/** A text without the vendor's markup. */
function plain(text: string): string {
  return text.replaceAll(/[*`\\]|&lt;|&gt;|[＜＞<>]/g, (mark) =>
    mark === "&lt;" || mark === "＜"
      ? "<"
      : mark === "&gt;" || mark === "＞"
        ? ">"
        : /[<>]/.test(mark)
          ? mark
          : "",
  );
}

describe.each(CHATS)("%s, about a second rule alone,", (type) => {
  test.each(Object.entries(OWN))("has the rule's own words: %s", (what, expected) => {
    const alert = ALERTS[what];
    if (alert === undefined) throw new Error(`there is no alert "${what}"`);
    for (const language of LANGUAGES) {
      const text = plain(textOf(type, alert, { language }));
      for (const own of expected[language]) expect(text).toContain(own);
    }
  });

  test.each(Object.entries(ALERTS))("repeats nothing: %s", (_what, alert) => {
    for (const language of LANGUAGES) {
      const lines = textOf(type, alert, { language }).split("\n");
      // DingTalk and Slack send the title once more, for the notification.
      const shown = type === "dingtalk" || type === "slack" ? lines.slice(1) : lines;
      const notes = [
        "Mind the step.",
        "小心台阶。",
        "Sweep the floor.",
        "请扫地。",
        "ACME Baseline",
      ];
      const counts = notes.map((note) => shown.filter((line) => line.includes(note)).length);
      expect(counts.filter((count) => count > 1)).toEqual([]);
      const repeated = shown.filter((line, index) => line !== "" && shown.indexOf(line) !== index);
      // Each subject has its account, and each list its pattern of a remedy.
      const isOwn = /^(Account|账号) |<region>/;
      expect(repeated.filter((line) => !isOwn.test(plain(line)))).toEqual([]);
    }
  });

  test("names which of several reasons a subject is not compliant for", () => {
    const alert = sampleAlert(times(2, "opened"), {
      edit(finding) {
        const sample = asSample(finding);
        const reason = { ...sample.reason, code: "MISLABELLED" };
        return finding.regionId === "cn-r1" ? { ...sample, reason } : sample;
      },
    });
    const text = plain(textOf(type, alert, { language: "en" }));
    expect(text).toContain("out of order (BROKEN, broken)");
    expect(text).toContain("out of order (MISLABELLED, wrong label)");
  });

  test("names no reason that the rule's card does not have", () => {
    const alert = sampleAlert(times(2, "reminder"), {
      edit(finding) {
        const sample = asSample(finding);
        return { ...sample, reason: { ...sample.reason, code: "FORMER" } };
      },
    });
    expect(textOf(type, alert, { language: "en" })).not.toContain("FORMER");
  });

  test("states what an unreadable resource was when last read", () => {
    const alert = sampleAlert(["reminder"], {
      edit(finding) {
        const sample = asSample(finding);
        const reason = { code: "THROTTLED", message: "…" };
        return { ...sample, status: "INSUFFICIENT_DATA", reason };
      },
    });
    const text = plain(textOf(type, alert, { language: "en" }));
    expect(text).toContain("Cannot be read: cn-r0/s-cn-r0 · ACME samples");
    expect(text).toContain("When last read, it was out of order (since 2026-11-20 08:17 UTC).");
    expect(text).not.toMatch(/still out of order|acme mend/i);
  });

  test("lists resources with their own names, and not with that of their region", () => {
    const alert = sampleAlert(times(7, "opened"), {
      edit: (finding) => ({ ...asSample(finding), localName: "China (Hangzhou)" }),
    });
    const text = plain(textOf(type, alert, { language: "en" }));
    expect(text).toContain("cn-r0/s-cn-r0 name of s-cn-r0, cn-r1/s-cn-r1 name of s-cn-r1");
    expect(text).not.toContain("Hangzhou");
  });

  test("lists subjects by the reason, each resource beside its region", () => {
    const alert = sampleAlert(times(16, "opened"), {
      edit(finding) {
        const index = Number(finding.regionId.slice(4));
        const sample = asSample({ ...finding, regionId: "cn-a" }, `s-${index}`);
        const reason = { ...sample.reason, code: "MISLABELLED" };
        return index % 2 === 0 ? sample : { ...sample, reason };
      },
    });
    const text = plain(textOf(type, alert, { language: "en" }));
    expect(text).toMatch(/Out of order \(BROKEN, broken\) · account \d+ · since/);
    expect(text).toMatch(/cn-a\/s-0.*cn-a\/s-2.*cn-a\/s-14/);
    expect(text).toMatch(/cn-a\/s-1\b.*cn-a\/s-3.*cn-a\/s-15/);
    expect(text).not.toMatch(/cn-a\/s-0.*cn-a\/s-1\b/);
    expect(text).toContain("Fix, for each region/id: acme mend");
  });
});

describe.each(CHATS)("%s, about resources and regions of one rule,", (type) => {
  const alert = sampleAlert(times(14, "opened"), {
    edit(finding) {
      const { resource, ...region } = asSample(finding);
      return Number(finding.regionId.slice(4)) < 7
        ? region
        : { ...region, ...(resource && { resource }) };
    },
  });

  test("lists each kind of subject by itself, with its own pattern of a remedy", () => {
    const text = plain(textOf(type, alert, { language: "en" }));
    expect(text).toMatch(/\bcn-r0, cn-r1, cn-r2, cn-r3, cn-r4, cn-r5, cn-r6\n/);
    expect(text).toContain("console.example/<id>/\n");
    expect(text).toContain("console.example/<region>/<id>\n");
    expect(text.split("acme mend")).toHaveLength(2);
  });

  test("counts each kind of subject by its noun", () => {
    expect(plain(textOf(type, alert, { language: "en" }))).toContain(
      "Out of order: 7 regions, 7 samples",
    );
    expect(textOf(type, alert, { language: "zh" })).toContain("未就绪：7 个地域，7 份样品");
  });
});

/** The findings of both rules in the regions of a run. */
function bothRules(events: readonly ChangeEvent[], others: readonly Status[] = []): Alert {
  const cards = [flowLogServiceActivated, SAMPLE_RULE];
  const first = alertWith(events, { cards, others });
  const second = sampleAlert(events, { cards, others });
  const { summary } = first;
  const doubled = Object.fromEntries(
    Object.entries(summary).map(([status, count]) => [status, count * 2]),
  );
  return {
    ...first,
    summary: { ...summary, ...doubled },
    rules: [...first.rules.slice(0, 1), ...second.rules.slice(1)],
    changes: [...first.changes, ...second.changes],
    findings: [...first.findings, ...second.findings],
    unreadable: [...first.unreadable, ...second.unreadable],
  };
}

describe.each(CHATS)("%s, about both rules,", (type) => {
  test("names each rule in the title, with its own words and counts", () => {
    const title = (language: Language) =>
      plain(
        String(
          textOf(type, bothRules(["opened", "opened", "resolved"]), { language }).split("\n")[0],
        ),
      );
    expect(title("en")).toContain(
      "Not activated: 2 regions; resolved, now activated: cn-r2 · VPC flow log service; out of order: 2 samples; resolved, now in order: cn-r2/s-cn-r2 · ACME samples",
    );
    expect(title("zh")).toContain(
      "未开通：2 个地域；已恢复，现已开通：cn-r2 · VPC 流日志功能；未就绪：2 份样品；已恢复，现已就绪：cn-r2/s-cn-r2 · ACME 样品",
    );
  });

  test("names only the rules with changes in the title and the notes", () => {
    const alert = bothRules(["opened"]);
    const changes = alert.changes.filter(({ finding }) => finding.ruleId === SAMPLE_RULE.id);
    const text = plain(textOf(type, { ...alert, changes }, { language: "en" }));
    expect(text).toContain("Out of order: cn-r0/s-cn-r0 · ACME samples");
    expect(text.split("\n")[0]).not.toContain("VPC flow log service");
    expect(text).toContain("Still not activated (already notified): cn-r0");
    expect(text).toContain("Mind the step.");
    expect(text).not.toContain("Before you activate");
  });

  test("states the state of each subject also where each rule has only one, or one list", () => {
    const text = plain(textOf(type, bothRules(["opened"]), { language: "en" }));
    expect(text).toContain("cn-r0: the VPC flow log service is not activated");
    expect(text).toContain("cn-r0/s-cn-r0 name of s-cn-r0: out of order");
    const lists = plain(textOf(type, bothRules(times(7, "opened")), { language: "en" }));
    expect(lists).toContain("Not activated · account 1234567890123456");
    expect(lists).toContain("Out of order (BROKEN, broken) · account 1234567890123456");
  });

  test("begins with the rule that has the most urgent change", () => {
    const first = alertWith(["resolved"], { cards: [flowLogServiceActivated, SAMPLE_RULE] });
    const { changes } = bothRules(["opened"]);
    const opened = changes.filter(({ finding }) => finding.ruleId === SAMPLE_RULE.id);
    const alert = { ...first, changes: [...first.changes, ...opened] };
    const text = plain(textOf(type, alert, { language: "en" }));
    expect(text).toContain(
      "Out of order: cn-r0/s-cn-r0 · ACME samples; resolved, now activated: cn-r0 · VPC flow log service",
    );
    expect(text).toMatch(/ACME samples\n[^]*\nVPC flow log service\n/);
  });

  test("counts the subjects that five messages have no room for by their noun, or without one for both", () => {
    const leftOver = (alert: Alert): string =>
      /另有 \d+ 个账号的 \d+ (?:项|份样品|个地域)/.exec(
        textOf(type, alert, { language: "zh" }),
      )?.[0] ?? "";
    const inOwnAccounts = (alert: Alert): Alert => ({
      ...alert,
      changes: alert.changes.map((change): Change => {
        const { regionId } = change.finding;
        const accountId = `of-${regionId}-${"y".repeat(40)}`;
        return { ...change, finding: { ...change.finding, accountId } };
      }),
    });
    // So many that five messages have room only for the first rule's.
    const both = inOwnAccounts(bothRules(times(3_000, "opened")));
    const sample = inOwnAccounts(sampleAlert(times(3_000, "opened")));
    const first = inOwnAccounts(alertWith(times(3_000, "opened")));
    expect(leftOver(both)).toMatch(/项$/);
    expect(leftOver(sample)).toMatch(/份样品$/);
    expect(leftOver(first)).toMatch(/个地域$/);
  });

  test("sums up each rule in a summary", () => {
    const others = ["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"] as const;
    const alert: Alert = { ...bothRules([], others), kind: "summary" };
    const title = (language: Language) =>
      plain(String(textOf(type, alert, { language }).split("\n")[0]));
    expect(title("en")).toContain(
      "Summary of 3 regions: 1 not activated, 1 cannot be read, 1 activated · VPC flow log service; 2 samples: 1 out of order, 1 region cannot be read, 1 in order · ACME samples",
    );
    expect(title("zh")).toContain(
      "汇总（共 3 个地域）：1 个未开通，1 个无法读取，1 个已开通 · VPC 流日志功能；共 2 份样品：1 个未就绪，1 个地域无法读取，1 个已就绪 · ACME 样品",
    );
  });

  test("groups by rule: a heading, the changes, the rest, and at the end the notes of each", () => {
    const alert = bothRules(["opened", "unreadable"], ["NON_COMPLIANT"]);
    const text = plain(textOf(type, alert, { language: "en" }));
    const order = [
      "VPC flow log service\n",
      "cn-r0: the VPC flow log service is not activated",
      "Still not activated (already notified): cn-r2",
      "ACME samples\n",
      "cn-r0/s-cn-r0 name of s-cn-r0: out of order (BROKEN, broken)",
      "Still out of order (already notified): cn-r2/s-cn-r2",
      // Both rules could not read this region for the same reason.
      "VPC flow log service, ACME samples\n",
      "cn-r1: cannot be read (TIMEOUT",
      "What to do about TIMEOUT",
      "Before you activate the service",
      "Mind the step.",
      "VPC flow log service: read 2 of 3 regions · precondition of CIS",
      "ACME samples: read 2 of 3 regions · ACME Baseline 3.1 control 7",
    ];
    let from = 0;
    for (const expected of order) {
      const at = text.indexOf(expected, from);
      expect([expected, at > 0]).toEqual([expected, true]);
      from = at + 1;
    }
    expect(text.split("What to do about TIMEOUT")).toHaveLength(2);
    expect(text.split("cn-r1")).toHaveLength(2);
  });

  test("begins each message with the heading of the rule that it continues", () => {
    const alert = bothRules(times(type === "wecom" ? 50 : 130, "opened"));
    const long = {
      ...alert,
      changes: alert.changes.map((change, index): Change => {
        const finding = { ...change.finding, accountId: `account-${index}-${"x".repeat(60)}` };
        return { ...change, finding };
      }),
    };
    const bodies = bodiesOf(type, long, { language: "en" });
    expect(bodies.length).toBeGreaterThan(1);
    const headings = bodies.map((body) =>
      textsOf(body)
        .map(plain)
        .filter((line) => /^(VPC flow log service|ACME samples)$/.test(line)),
    );
    for (const each of headings) expect(each).not.toEqual([]);
    expect(new Set(headings.flat()).size).toBe(2);
    expect(headings.flat().length).toBeLessThanOrEqual(bodies.length + 1);
    for (const body of bodies) expect(shareOfLimit(type, body)).toBeLessThanOrEqual(1);
  });
});

describe.each(LANGUAGES)("about a rule that this version does not know, in %s,", (language) => {
  const alert = alertWith(EVENTS, {
    others: ["NON_COMPLIANT"],
    cards: [flowLogServiceActivated],
    stateFailed: true,
    edit: (finding) => ({
      ...finding,
      ruleId: "former-rule",
      reason: { ...finding.reason, code: "FORMER" },
    }),
  });

  test.each(RECEIVER_TYPES)("%s has no word of another rule", (type) => {
    // The rules of the run are the webhook's own field.
    const text = allOf(type, alert, language).replace(/"rules":\[.*?\}\]\}\],/, "");
    expect(firstRuleWordsIn(text)).toEqual([]);
  });

  test.each(CHATS)("%s has neutral words", (type) => {
    const text = textOf(type, alert, { language });
    expect(text).toContain({ en: "Not compliant: 2 regions", zh: "不合规：2 个地域" }[language]);
    expect(text).toContain({ en: "rule former-rule", zh: "规则 former-rule" }[language]);
  });

  test.each(CHATS)("%s counts resources of an unknown kind", (type) => {
    const resources = alertWith(times(2, "opened"), {
      edit: (finding) => ({ ...asSample(finding), ruleId: "former-rule" }),
    });
    expect(textOf(type, resources, { language })).toContain(
      { en: "Not compliant: 2 resources", zh: "不合规：2 个资源" }[language],
    );
  });
});

test.each(CHATS)("the hostile id of an unknown rule does nothing in %s", (type) => {
  const alert = alertWith(["opened", "opened"], {
    edit: (finding) => ({ ...finding, ruleId: "<!channel> [x](https://evil.example) *b*" }),
  });
  expect(JSON.stringify(bodiesOf(type, alert))).not.toMatch(
    /<!channel>|\]\(https:..evil|:..evil|\*b\*/,
  );
});

test.each(CHATS)("the hostile id and name of a resource do nothing in %s", (type) => {
  const hostile = "<!channel> [x](https://evil.example) *b*\n# h";
  for (const count of [1, 7]) {
    const alert = sampleAlert(times(count, "opened"), {
      others: ["NON_COMPLIANT"],
      edit(finding) {
        const sample = asSample(finding);
        const resource = { type: "ACME::Lab::Sample", id: hostile, name: hostile };
        return { ...sample, resource };
      },
    });
    expect(JSON.stringify(bodiesOf(type, alert))).not.toMatch(
      /<!channel>|\]\(https:..evil|[^A]:..evil|\*b\*|\\n# h/,
    );
  }
});

describe.each(FORMAT_NAMES)("the format %s", (name) => {
  const format = formatOf(name);
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);
  const findings = report.findings.map((finding) => {
    const sample = asSample(finding);
    const message = `About ${sample.resource?.id ?? sample.regionId}.`;
    return { ...sample, reason: { ...sample.reason, message } };
  });
  const options = { color: false, cards: [flowLogServiceActivated, SAMPLE_RULE] };

  test("has the texts of a second rule's card, and no word of the first", async () => {
    const text = await format.render({ ...report, rules: [SAMPLE_RULE], findings }, options);
    expect(firstRuleWordsIn(text)).toEqual([]);
    // A message in a metric would begin a new series whenever a word of it changes.
    const messages = name === "prometheus" ? [] : ["About s-cn-r1.", "About cn-r2."];
    for (const own of [...messages, "BROKEN", SAMPLE_RULE.title]) expect(text).toContain(own);
  });

  test("has the texts of each rule's card for two rules", async () => {
    const rules = [flowLogServiceActivated, SAMPLE_RULE];
    const text = await format.render(
      { ...report, rules, findings: [...report.findings, ...findings] },
      options,
    );
    for (const { title, controls } of rules) {
      expect(text).toContain(title);
      for (const { id, framework } of controls) {
        expect(text).toContain(id);
        expect(text).toContain(framework);
      }
    }
  });
});
