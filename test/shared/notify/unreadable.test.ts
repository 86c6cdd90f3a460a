import { describe, expect, test } from "vitest";

import { FAILURE_CODES, type FailureCode } from "../../../shared/audit/finding.ts";
import { keyOf } from "../../../shared/audit/subject.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { alertWith, SINCE_MS } from "../../harness/alert-with.ts";
import { asSample, SAMPLE_RULE } from "../../harness/sample-rule.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

function unreadable(code: FailureCode) {
  return alertWith(["unreadable"], {
    edit: (finding) => ({ ...finding, reason: { code, message: "…" } }),
  });
}

/** Expected words in the remedy: the option, the identity, the place. */
const REMEDIES: Readonly<Record<FailureCode, readonly [english: RegExp, chinese: RegExp]>> = {
  ACCESS_DENIED: [/RAM policy .*flowlog-guard policy/, /RAM 身份.*flowlog-guard policy/],
  CREDENTIALS_INVALID: [/access key.*clock/, /AccessKey.*系统时间/],
  THROTTLED: [/concurrency/, /concurrency/],
  TIMEOUT: [/network.*timeout/, /网络.*timeout/],
  UNREACHABLE: [/proxy.*NODE_EXTRA_CA_CERTS/, /代理.*NODE_EXTRA_CA_CERTS/],
  REGION_NOT_FOUND: [/region id/, /地域 ID/],
  MALFORMED_RESPONSE: [/proxy or gateway/, /代理或网关/],
  SERVICE_ERROR: [/next run.*request id/, /下次检查.*请求 ID/],
  DEADLINE_EXCEEDED: [/deadline/, /deadline/],
  ROLE_REFUSED: [/trust policy.*external id.*sts:AssumeRole/, /信任策略.*外部 ID.*sts:AssumeRole/],
  PART_FAILED: [/log of the audit function/, /audit 函数的日志/],
  LIST_UNSTABLE: [/next run.*come and go/, /下次检查.*增减/],
};

describe.each(FAILURE_CODES)("a region that cannot be read for %s", (code) => {
  test.each(CHATS)("has a remedy, at %s", (type) => {
    const [english, chinese] = REMEDIES[code];
    for (const [language, remedy] of [
      ["en", english],
      ["zh", chinese],
    ] as const) {
      const lines = textOf(type, unreadable(code), { language }).split("\n");
      const remedies = lines.filter((line) => /What to do about|的处理方法/.test(line));
      expect(remedies).toHaveLength(1);
      expect(remedies[0]).toContain(code);
      expect(remedies[0]).toMatch(remedy);
      expect(remedies[0]).toMatch(/[.。]$/);
    }
  });

  test("has a remedy at an Alertmanager and at a generic endpoint", () => {
    const [english] = REMEDIES[code];
    const [alerts] = bodiesOf("alertmanager", unreadable(code));
    expect(Object(alerts)[0].annotations.next_step).toMatch(english);
    const [body] = bodiesOf("webhook", unreadable(code));
    expect(Object(body).data.notes[0]).toMatch(english);
    expect(Object(body).data.notes[0]).not.toContain("`");
  });
});

describe.each(CHATS)("%s, of a region that cannot be read,", (type) => {
  const alert = unreadable("TIMEOUT");
  const [key = ""] = alert.changes.map(({ finding }) => keyOf(finding));
  const wasOpen = { ...alert, openSince: new Map([[key, SINCE_MS - 86_400_000]]) };

  test("states that it was open when last read, and since when", () => {
    expect(textOf(type, wasOpen, { language: "en" })).toContain(
      "When last read, it was not activated (since 2026-11-19 08:17 UTC).",
    );
    expect(textOf(type, wasOpen, { language: "zh" })).toContain(
      "最近一次成功读取时未开通，自 2026-11-19 16:17（北京时间）起。",
    );
  });

  test("states it without a command where only an open change is due, since the region may be compliant now", () => {
    const changes = alert.changes.map((change) => ({
      ...change,
      event: "reminder" as const,
      condition: "open" as const,
    }));
    const text = textOf(type, { ...alert, changes }, { language: "en" });
    expect(text).toContain("When last read, it was not activated (since 2026-11-20 08:17 UTC).");
    expect(text).toMatch(/Account \d+$/m);
    expect(text).not.toContain("OpenFlowLogService");
  });

  test("does not state that it was open where it was not", () => {
    expect(textOf(type, alert, { language: "en" })).not.toMatch(/not activated/i);
    expect(textOf(type, alert, { language: "zh" })).not.toContain("未开通");
  });

  test("marks it in a list of findings without changes", () => {
    const listed = { ...wasOpen, changes: [], kind: "summary" as const };
    expect(textOf(type, listed, { language: "en" })).toContain(
      "cn-r0 (not activated when last read)",
    );
    expect(textOf(type, listed, { language: "zh" })).toContain("cn-r0（最近一次读取时未开通）");
  });
});

describe("a resource of which neither yes nor no is known", () => {
  const alert = alertWith(["unreadable"], {
    cards: [SAMPLE_RULE],
    edit: (finding) => ({
      ...asSample({ ...finding, status: "NON_COMPLIANT" }),
      status: "INSUFFICIENT_DATA",
      reason: { code: "UNCLEAR", message: "Its label is hard to make out." },
    }),
  });

  test("has a next step at an Alertmanager, in both languages, and at a generic endpoint", () => {
    for (const [language, nextStep] of [
      ["en", "wait for the next run; if it lasts, look at the resource in the console."],
      ["zh", "等待下次检查；如持续出现，请在控制台查看该资源。"],
    ] as const) {
      const [posted] = bodiesOf("alertmanager", alert, { language }).flat();
      expect(Object(posted)).toMatchObject({
        labels: { alertname: "AcmeSampleUnreadable", resource_id: "s-cn-r0" },
        annotations: { description: "Its label is hard to make out.", next_step: nextStep },
      });
    }
    const [body] = bodiesOf("webhook", alert);
    expect(Object(body).data).toMatchObject({
      changes: [{ event: "unreadable", status: "INSUFFICIENT_DATA", code: "UNCLEAR" }],
      notes: [
        "What to do about UNCLEAR: wait for the next run; if it lasts, look at the resource in the console.",
      ],
    });
  });

  test.each(CHATS)("has a link to its page of the console, at %s", (type) => {
    for (const language of LANGUAGES) {
      expect(JSON.stringify(bodiesOf(type, alert, { language }))).toContain(
        "https://console.example/cn-r0/s-cn-r0",
      );
    }
  });

  test.each(CHATS)("has no next step where its code is no rule's, at %s", (type) => {
    const unknown = alertWith(["unreadable"], {
      edit: (finding) => ({ ...finding, reason: { code: "constructor", message: "…" } }),
    });
    const text = textOf(type, unknown, { language: "en" });
    expect(text).toContain("constructor");
    expect(text).not.toMatch(/What to do about|native code|console\.aliyun/);
  });
});
