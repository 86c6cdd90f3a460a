import { describe, expect, test } from "vitest";

import {
  type Alert,
  alertOf,
  type Change,
  type ChangeEvent,
} from "../../../shared/alerts/alert.ts";
import type { Finding } from "../../../shared/audit/finding.ts";
import { summarizeRule } from "../../../shared/audit/rule-card.ts";
import { keyOf } from "../../../shared/audit/subject.ts";
import { noticesOf } from "../../../shared/notify/message/notice.ts";
import { divideShared } from "../../../shared/notify/message/shared-subjects.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { flowLogServiceActivated } from "../../../shared/rules/flow-log-service-activated.ts";
import { RESOURCE_RULES } from "../../../shared/rules/resource-rules.ts";
import { DIRECT } from "../../harness/direct.ts";
import { type FindingSketch, resourceReport } from "../../harness/resource-report.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

const ACTIVE = "vpc-flow-log-active";
const COMPLETE = "vpc-flow-log-complete";
const ALL_IDS = RESOURCE_RULES.map(({ id }) => id);
const SINCE_MS = Date.parse("2026-11-20T08:17:00Z");
const UNREAD = { status: "INSUFFICIENT_DATA", code: "ACCESS_DENIED" } as const;

interface ChangeSketch extends FindingSketch {
  readonly event?: ChangeEvent;
  readonly condition?: Change["condition"];
  readonly sinceMs?: number;
  readonly accountId?: string;
  readonly exemptUntil?: string;
}

/** The alert of changes, by default that a region cannot be read. */
function alertOn(sketches: readonly ChangeSketch[], kind: Alert["kind"] = "alert"): Alert {
  const ids = [...new Set(sketches.map(({ ruleId = ACTIVE }) => ruleId))];
  const cards = [flowLogServiceActivated, ...RESOURCE_RULES].filter(({ id }) => ids.includes(id));
  const findings = sketches.map(findingFrom);
  const report = {
    ...resourceReport(sketches.map((sketch) => ({ ...UNREAD, ...sketch }))),
    rules: cards.map(summarizeRule),
    findings,
  };
  const changes = sketches.map(
    ({ event = "unreadable", condition = "unreadable", sinceMs = SINCE_MS }, index): Change => {
      const finding = findings[index];
      if (finding === undefined) throw new Error("each sketch has a finding");
      return { event, condition, sinceMs, finding };
    },
  );
  return alertOf(kind, report, cards, kind === "alert" ? changes : [], true);
}

function findingFrom({ accountId, exemptUntil, ...sketch }: ChangeSketch): Finding {
  const [finding] = resourceReport([{ ...UNREAD, ...sketch }]).findings;
  if (finding === undefined) throw new Error("one sketch has one finding");
  const { status, reason } = finding;
  return {
    ...finding,
    ...(accountId !== undefined && { accountId }),
    ...(exemptUntil !== undefined && {
      status: "IGNORED",
      reason: { code: "EXEMPT", message: "An exemption holds." },
      exemption: {
        owner: "net-team",
        reason: "moving out",
        expires: exemptUntil,
        endsSoon: false,
        observed: { status, reason },
      },
    }),
  };
}

/** How many notices are shared, and how many are not. */
function divided(alert: Alert): readonly [shared: number, own: number] {
  const { shared, notices } = divideShared(alert, noticesOf(alert), []);
  return [shared.flatMap((regions) => regions.notices).length, notices.length];
}

const [FIRST, SECOND] = [{ ruleId: ACTIVE }, { ruleId: COMPLETE }];

describe("changes of two rules about one subject", () => {
  test.each<[string, ChangeSketch, ChangeSketch]>([
    ["for the same reason", FIRST, SECOND],
    ["in one resource", { ...FIRST, id: "vpc-1" }, { ...SECOND, id: "vpc-1" }],
    ["in a reminder", { ...FIRST, event: "reminder" }, { ...SECOND, event: "reminder" }],
    [
      "readable again, whatever was found",
      { ...FIRST, event: "readable", status: "COMPLIANT", code: "FLOW_LOG_ACTIVE" },
      { ...SECOND, event: "readable", status: "NON_COMPLIANT", code: "TRAFFIC_TYPE_PARTIAL" },
    ],
    [
      "no longer checked, and not read",
      { ...FIRST, event: "unscoped" },
      { ...SECOND, event: "unscoped" },
    ],
    [
      "exempt until the same day",
      { ...FIRST, event: "changed", exemptUntil: "2099-01-31" },
      { ...SECOND, event: "changed", exemptUntil: "2099-01-31" },
    ],
  ])("are one notice: %s", (_what, first, second) => {
    expect(divided(alertOn([first, second]))).toEqual([1, 0]);
  });

  test.each<[string, ChangeSketch, ChangeSketch]>([
    ["another reason", FIRST, { ...SECOND, code: "THROTTLED" }],
    [
      "a rule's own reason",
      { ...FIRST, code: "STATE_UNKNOWN" },
      { ...SECOND, code: "STATE_UNKNOWN" },
    ],
    ["another region", FIRST, { ...SECOND, regionId: "cn-beijing" }],
    ["another account", FIRST, { ...SECOND, accountId: "1000000000000002" }],
    ["another time", FIRST, { ...SECOND, sinceMs: SINCE_MS + 1 }],
    ["another kind", FIRST, { ...SECOND, event: "reminder" }],
    ["another resource", { ...FIRST, id: "vpc-1" }, { ...SECOND, id: "vpc-2" }],
    ["a region and a resource", FIRST, { ...SECOND, id: "vpc-1" }],
    [
      "no longer checked, and open",
      { ...FIRST, event: "unscoped", condition: "open" },
      { ...SECOND, event: "unscoped", condition: "open" },
    ],
    [
      "exempt until another day",
      { ...FIRST, event: "changed", exemptUntil: "2099-01-31" },
      { ...SECOND, event: "changed", exemptUntil: "2099-02-28" },
    ],
  ])("are two notices: %s", (_what, first, second) => {
    expect(divided(alertOn([first, second]))).toEqual([0, 2]);
  });

  test("are two notices where one was open when last read", () => {
    const alert = alertOn([FIRST, { ruleId: flowLogServiceActivated.id }]);
    const openSince = new Map(alert.changes.slice(1).map((c) => [keyOf(c.finding), SINCE_MS]));
    expect(divided({ ...alert, openSince })).toEqual([0, 2]);
  });
});

test("findings that are no news are shared, but not one that was open when last read", () => {
  const { unreadable, rules } = alertOn([FIRST, SECOND, { ruleId: flowLogServiceActivated.id }]);
  const openSince = new Map(
    unreadable
      .filter(({ ruleId }) => ruleId !== ACTIVE && ruleId !== COMPLETE)
      .map((finding) => [keyOf(finding), SINCE_MS]),
  );
  const { shared, alsoUnreadable } = divideShared({ rules, openSince }, [], unreadable);
  expect(shared).toMatchObject([
    { ruleIds: [ACTIVE, COMPLETE], notices: [], alsoUnreadable: [{ regionId: "cn-hangzhou" }] },
  ]);
  expect(alsoUnreadable.map(({ ruleId }) => ruleId)).toEqual([flowLogServiceActivated.id]);
});

test("regions of the same rules are one group, in the order of the rules", () => {
  const alert = alertOn([
    { ruleId: COMPLETE },
    { ruleId: ACTIVE },
    ...[ACTIVE, COMPLETE].map((ruleId) => ({ ruleId, regionId: "cn-beijing" })),
    ...ALL_IDS.map((ruleId) => ({ ruleId, regionId: "cn-zhangjiakou" })),
  ]);
  const { shared } = divideShared(alert, noticesOf(alert), []);
  expect(shared.map(({ ruleIds, notices }) => [ruleIds, notices.length])).toEqual([
    [[ACTIVE, COMPLETE], 2],
    [ALL_IDS, 1],
  ]);
});

describe.each(CHATS)("%s", (type) => {
  test.each(LANGUAGES)("names each region once, and covers each change, in %s", (language) => {
    for (const count of [1, 2, 8]) {
      const alert = alertOn(
        Array.from({ length: count }, (_, index) =>
          ALL_IDS.map((ruleId) => ({ ruleId, regionId: `cn-r${index}x` })),
        ).flat(),
      );
      const text = bodiesOf(type, alert, { language })
        .map((body) => JSON.stringify(body))
        .join();
      for (let index = 1; index < count; index += 1) {
        expect(text.split(`cn-r${index}x`)).toHaveLength(2);
      }
      const topics = RESOURCE_RULES.map(({ words }) => words[language].topic);
      expect(text).toContain(topics.join(language === "en" ? ", " : "、"));
      const [receiver] = createReceivers(
        [{ type, url: "https://h.example.com/x", language }],
        DIRECT,
      );
      const covers = receiver?.compose(alert, 1).flatMap((message) => message.covers) ?? [];
      expect(new Set(covers)).toEqual(new Set(alert.changes));
      expect(covers).toHaveLength(alert.changes.length);
    }
  });

  test("names it once in a summary too, after what is open, and counts it for each rule", () => {
    const alert = alertOn(
      [
        { ruleId: COMPLETE, id: "vpc-1", status: "NON_COMPLIANT", code: "TRAFFIC_TYPE_PARTIAL" },
        ...ALL_IDS.map((ruleId) => ({ ruleId, regionId: "cn-beijing" })),
      ],
      "summary",
    );
    const text = textOf(type, alert, { language: "en" }).replaceAll(/[`*]|<\/?font[^>]*>/g, "");
    expect(text.split("cn-beijing")).toHaveLength(2);
    expect(text).toContain(
      "Summary: 1 region cannot be read · VPC flow log coverage; 1 region cannot be read · VPC flow log delivery; and 2 more rules [flowlog-guard]",
    );
    for (const line of [
      "VPC flow log coverage · 1 region cannot be read",
      "VPC flow log completeness · 1 VPC: 1 recorded only in part, 1 region cannot be read",
      "VPC flow log retention · 1 region cannot be read",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).toMatch(/\nRecorded only in part: [^]*\nCould not be read /);
    const chinese = textOf(type, alert, { language: "zh" });
    expect(chinese).toContain("汇总：1 个地域无法读取 · VPC 流日志覆盖；1 个地域无法读取 · ");
    expect(chinese).toContain("；另有 2 条规则");
  });

  test("says of regions that are no news which rules could not read them", () => {
    const alert = alertOn(ALL_IDS.map((ruleId) => ({ ruleId })));
    const news = alertOn([{ ruleId: ACTIVE, regionId: "cn-beijing" }]);
    const { changes } = news;
    const text = textOf(
      type,
      { ...alert, changes, unreadable: [...alert.unreadable, ...news.unreadable] },
      { language: "en" },
    ).replaceAll(/[`*]/g, "");
    expect(text).toContain(
      "Could not be read (ACCESS_DENIED, a permission is missing): cn-hangzhou",
    );
    expect(text.split("cn-hangzhou")).toHaveLength(2);
  });
});

describe("a title", () => {
  const titleOf = (sketches: readonly ChangeSketch[], language: "en" | "zh"): string =>
    String(textOf("dingtalk", alertOn(sketches), { language }).split("\n")[0]);
  const opened = (ruleId: string, id: string, code: string): ChangeSketch => ({
    ruleId,
    id,
    code,
    event: "opened",
    condition: "open",
    status: "NON_COMPLIANT",
  });

  test("names two rules, the most severe first, and counts what others are about", () => {
    const sketches = [
      opened("flow-log-retention", "p/l", "RETENTION_TOO_SHORT"),
      opened(COMPLETE, "vpc-1", "TRAFFIC_TYPE_PARTIAL"),
      opened("vpc-flow-log-delivered", "vpc-1", "DELIVERY_FAILED"),
      opened("vpc-flow-log-delivered", "vpc-2", "DELIVERY_FAILED"),
      ...ALL_IDS.map((ruleId) => ({ ruleId, regionId: "cn-beijing" })),
    ];
    expect(titleOf(sketches, "en")).toBe(
      "Not delivered: 2 VPCs · VPC flow log delivery; recorded only in part: cn-hangzhou/vpc-1 · VPC flow log completeness; and 2 more [flowlog-guard]",
    );
    expect(titleOf(sketches, "zh")).toMatch(/；另有 2 项 \[flowlog-guard\]$/);
    expect(titleOf(sketches.slice(0, 4), "zh")).toMatch(/；另有 1 个 Logstore \[flowlog-guard\]$/);
  });

  test("names two rules that share a region, and counts more of them", () => {
    expect(titleOf([FIRST, SECOND], "en")).toBe(
      "Cannot be read: cn-hangzhou · VPC flow log coverage, VPC flow log completeness [flowlog-guard]",
    );
    expect(
      titleOf(
        ALL_IDS.map((ruleId) => ({ ruleId })),
        "zh",
      ),
    ).toBe("状态无法读取：cn-hangzhou · 4 条规则 [flowlog-guard]");
  });

  test("counts resources that rules share as such", () => {
    const sketches = ["vpc-1", "vpc-2"].flatMap((id) => [
      { ...FIRST, id },
      { ...SECOND, id },
    ]);
    expect(titleOf(sketches, "en")).toMatch(
      /^Cannot be read: 2 resources · VPC flow log coverage, /,
    );
    expect(titleOf(sketches.slice(0, 2), "en")).toMatch(/^Cannot be read: cn-hangzhou\/vpc-1 · /);
  });

  test("says in Chinese that it lasts", () => {
    const reminder = { event: "reminder" } as const;
    const finding = { ...opened(ACTIVE, "vpc-1", "NO_FLOW_LOG"), ...reminder };
    expect(titleOf([finding], "zh")).toMatch(/^仍未被流日志完整覆盖：/);
  });
});
