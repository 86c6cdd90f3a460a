import { describe, expect, test } from "vitest";

import type { Alert, Change, ChangeEvent } from "../../../shared/alerts/alert.ts";
import type { Language } from "../../../shared/notify/receiver-options.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { bodiesOf, CHATS, textOf, textsOf } from "./read-bodies.ts";

const EVENTS = ["opened", "reminder", "changed", "resolved", "unreadable", "readable"] as const;

/** The title, which is the first line of a Slack message. */
function titleOf(alert: Alert, language: Language): string {
  return String(textOf("slack", alert, { language }).split("\n")[0]);
}

/** A region that was open and has become unreadable: both changes are due. */
function openAndUnreadable(open: ChangeEvent): Alert {
  const alert = alertWith(["unreadable"]);
  const [unreadable] = alert.changes;
  if (unreadable === undefined) throw new Error("there is a change");
  const change: Change = {
    ...unreadable,
    event: open,
    condition: "open",
    sinceMs: unreadable.sinceMs,
  };
  return { ...alert, changes: [change, unreadable] };
}

describe("a title", () => {
  test.each([
    ["opened", "Not activated: cn-r0", "未开通：cn-r0"],
    ["changed", "Not activated: cn-r0", "未开通：cn-r0"],
    ["reminder", "Still not activated: cn-r0", "仍未开通：cn-r0"],
    ["unreadable", "Cannot be read: cn-r0", "状态无法读取：cn-r0"],
    ["resolved", "Resolved, now activated: cn-r0", "已恢复，现已开通：cn-r0"],
    ["readable", "Can be read again: cn-r0", "状态已可读取：cn-r0"],
  ] as const)("names the region where it is one: %s", (event, english, chinese) => {
    const alert = alertWith([event]);
    expect(titleOf(alert, "en")).toBe(`${english} · VPC flow log service [flowlog-guard]`);
    expect(titleOf(alert, "zh")).toBe(`${chinese} · VPC 流日志功能 [flowlog-guard]`);
  });

  test("counts several regions of a kind, and names a single one", () => {
    const alert = alertWith(["opened", "opened", "resolved"]);
    expect(titleOf(alert, "en")).toMatch(
      /^Not activated: 2 regions; resolved, now activated: cn-r2 /,
    );
    expect(titleOf(alert, "zh")).toMatch(/^未开通：2 个地域；已恢复，现已开通：cn-r2 /);
  });

  test.each(["opened", "changed", "reminder"] as const)(
    "counts an open region that cannot be read once, and as unreadable: %s",
    (event) => {
      const alert = openAndUnreadable(event);
      expect(titleOf(alert, "en")).toMatch(/^Cannot be read: cn-r0 · /);
      expect(titleOf({ ...alert, changes: alert.changes.slice(0, 1) }, "en")).toMatch(
        /^Cannot be read: cn-r0 · /,
      );
      const text = textOf("wecom", alert, { language: "en" });
      expect(text).not.toMatch(/still not activated/i);
      expect(text.match(/cn-r0/g)).toHaveLength(2); // in the title, and in the console's address
    },
  );

  test("disables the markup in a hostile region id", () => {
    const alert = alertWith(["opened"], {
      edit: (finding) => ({ ...finding, regionId: "<!channel> [x](https://evil.example) *b*" }),
    });
    for (const type of CHATS) {
      const text = JSON.stringify(bodiesOf(type, alert));
      expect(text).not.toMatch(/<!channel>|\]\(https:..evil|:..evil|\*b\*/);
    }
  });

  test("of Slack keeps its keyword where the title is cut", () => {
    const alert = alertWith(EVENTS, {
      edit: (finding) => ({ ...finding, regionId: `${finding.regionId}-${"x".repeat(30)}` }),
    });
    const [body] = bodiesOf("slack", alert, { keyword: "k".repeat(40) });
    const header = Object(body).blocks[0].text.text;
    expect(header.length).toBeLessThanOrEqual(150);
    expect(header).toMatch(/… k{40}$/);
  });
});

describe.each(CHATS)("%s", (type) => {
  test.each(LANGUAGES)("states the problem within fifteen characters, in %s", (language) => {
    const begins = {
      en: /^(Not activated|Still not activ|Cannot be read|Resolved|Can be read|Summary|Test mess)/,
      zh: /^(未开通|仍未开通|状态无法读取|已恢复|状态已可读取|汇总|测试消息)/,
    }[language];
    const alerts = [
      ...EVENTS.map((event) => alertWith([event])),
      alertWith([], { kind: "summary", others: ["NON_COMPLIANT"] }),
      alertWith([], { kind: "test" }),
    ];
    for (const alert of alerts) {
      for (const body of bodiesOf(type, alert, { language })) {
        const [first = ""] = textsOf(body);
        const plain = first.replace(/^<font[^>]*>/, "");
        expect(plain.slice(0, 15)).toMatch(begins);
        expect(plain).toMatch(/\[flowlog-guard\]$/);
      }
    }
  });

  test("does not repeat what the title says", () => {
    for (const event of EVENTS) {
      const [body] = bodiesOf(type, alertWith([event]), { language: "en" });
      const all = textsOf(body);
      const title = String(all.find((line) => line.includes("[flowlog-guard]")));
      const headline = title.replace(/^<font[^>]*>|^### /, "").split(" · ")[0] ?? "";
      // A notification has a title of its own at DingTalk and Slack.
      const shown = type === "dingtalk" || type === "slack" ? all.slice(1) : all;
      const [, id = ""] = headline.split(": ");
      expect(shown.filter((line) => line.includes(headline))).toHaveLength(1);
      const others = shown.filter((line) => !line.includes(headline));
      expect(
        others.filter((line) => line.replaceAll(/\(http[^)]*\)|<http[^|]*\|/g, "").includes(id)),
      )
        // The command has to name it.
        .toEqual(others.filter((line) => line.includes(`--region ${id}`)));
    }
  });
});

describe("a summary", () => {
  const BAD = alertWith([], { kind: "summary", others: ["NON_COMPLIANT", "INSUFFICIENT_DATA"] });

  test.each(CHATS)("names the account, and has no colour of an alarm, at %s", (type) => {
    const sent = JSON.stringify(bodiesOf(type, BAD));
    expect(sent).toContain("1234567890123456");
    expect(sent).not.toMatch(/"red"|"orange"|Attention|Warning|warning/);
    // An alert does.
    const colours = /"red"|Attention|warning/;
    const coloured = type === "feishu" || type === "teams" || type === "wecom";
    expect(colours.test(JSON.stringify(bodiesOf(type, alertWith(["opened"]))))).toBe(coloured);
  });

  test("mentions nobody", () => {
    const sent = JSON.stringify(bodiesOf("feishu", BAD, { mentions: { everyone: true } }));
    expect(sent).not.toContain("<at");
  });
});
