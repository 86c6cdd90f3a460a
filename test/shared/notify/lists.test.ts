import { describe, expect, test } from "vitest";

import type { ChangeEvent } from "../../../shared/alerts/alert.ts";
import type { Finding } from "../../../shared/audit/finding.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { alertWith, inOwnAccount, SINCE_MS } from "../../harness/alert-with.ts";
import { inRealRegion } from "../../harness/real-regions.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

function times(count: number, event: ChangeEvent): ChangeEvent[] {
  return Array.from({ length: count }, () => event);
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe.each(CHATS)("%s", (type) => {
  test.each(LANGUAGES)("lists thirty regions in one short message, in %s", (language) => {
    const alert = alertWith(times(30, "opened"), { edit: inRealRegion });
    expect(bodiesOf(type, alert)).toHaveLength(1);
    const text = textOf(type, alert, { language });
    // The title twice at some, the account, the ids, command, address, two notes, the keyword.
    expect(text.split("\n").length).toBeLessThanOrEqual(9);
    for (const once of ["1234567890123456", "OpenFlowLogService", "/flowlogs"]) {
      expect(countOf(text, once)).toBe(1);
    }
    for (const { finding } of alert.changes) expect(text).toContain(finding.regionId);
  });

  test("lists six regions of a kind, and has a block for each of five", () => {
    const text = textOf(type, alertWith([...times(6, "opened"), ...times(5, "reminder")]));
    expect(countOf(text, "OpenFlowLogService")).toBe(1 + 5);
    expect(countOf(text, "1234567890123456")).toBe(1 + 5);
    const five = textOf(type, alertWith(times(5, "opened")));
    expect(countOf(five, "OpenFlowLogService")).toBe(5);
  });

  test("does not list regions of different accounts together", () => {
    const text = textOf(type, alertWith(times(6, "opened"), { edit: inOwnAccount }));
    expect(countOf(text, "OpenFlowLogService")).toBe(6);
    for (let index = 0; index < 6; index += 1) expect(text).toContain(`account-of-cn-r${index}`);
  });

  test("lists unreadable regions by reason", () => {
    const alert = alertWith(times(8, "unreadable"), {
      edit: (finding) =>
        finding.regionId < "cn-r3"
          ? { ...finding, reason: { code: "ACCESS_DENIED", message: "…" } }
          : finding,
    });
    const text = textOf(type, alert, { language: "en" });
    expect(text).toMatch(/ACCESS_DENIED`?, a permission is missing\) · account \d+/);
    expect(text).toMatch(/\bcn-r0\b.*\bcn-r1\b.*\bcn-r2\b/);
    expect(text).not.toMatch(/\bcn-r2\b.*\bcn-r3\b/);
    expect(countOf(text, "What to do about")).toBe(2);
  });

  test("covers each change in the message that has it, also where a list is split", () => {
    const edit = (finding: Finding): Finding => ({
      ...finding,
      regionId: `${finding.regionId}-${"[x](y) ".repeat(12)}`,
    });
    const alert = alertWith([...times(500, "opened"), ...times(20, "resolved")], { edit });
    const bodies = bodiesOf(type, alert);
    expect(bodies.length).toBeGreaterThan(1);
    for (const body of bodies) expect(JSON.stringify(body)).toContain("1234567890123456");
  });
});

describe("a list", () => {
  test("has local names only where one message has room for them", () => {
    const named = alertWith(times(30, "opened"), { edit: inRealRegion });
    expect(textOf("dingtalk", named)).toContain("**cn-hongkong** 中国香港、");
    const long = (finding: Finding): Finding => ({ ...finding, localName: "长".repeat(20) });
    const many = alertWith(times(60, "opened"), { edit: long });
    expect(bodiesOf("wecom", many)).toHaveLength(1);
    expect(textOf("wecom", many)).not.toContain("长");
    expect(textOf("dingtalk", many)).toContain("长");
  });

  test("has the beginning: the time, or the earliest of several", () => {
    const alert = alertWith(times(6, "opened"));
    expect(textOf("slack", alert)).toContain(" · since 2026-11-20 08:17 UTC\n");
    const changes = alert.changes.map((change, index) => ({
      ...change,
      sinceMs: SINCE_MS + index * 3_600_000,
    }));
    expect(textOf("slack", { ...alert, changes })).toContain("since 2026-11-20 08:17 UTC or later");
    expect(textOf("dingtalk", { ...alert, changes })).toContain(
      "最早自 2026-11-20 16:17（北京时间）起",
    );
    const unknown = changes.map((change) => ({ ...change, sinceMs: null }));
    expect(textOf("slack", { ...alert, changes: unknown })).not.toMatch(/since|null/);
  });
});
