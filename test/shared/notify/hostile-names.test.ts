import { describe, expect, test } from "vitest";

import type { Alert } from "../../../shared/alerts/alert.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

/** Names that an attacker, or an accident, could give to a region or an owner of an exemption. */
const HOSTILE = [
  "[free](https://evil.example/x) ![i](https://evil.example/i)",
  "<!channel> <!here> <@U012> <https://evil.example|x> & co",
  "<at id=all></at> <at user_id=\"all\">x</at> <@all> <font color='red'>x</font>",
  "# head\n- list\r\n> quote\u2028***\u2029---",
  "`code` **bold** ~~gone~~ _it_ | a | b |",
  "\u202Egnp.exe\u2066\u200B\u0000\u001B[31m\u0007",
  'quotes " \' \\ \\" {{x}} ${x} https://evil.example',
  "- list",
  "1. one",
  "👩‍👩‍👧‍👦".repeat(40),
  "é\u0301".repeat(200),
  "\uD83D lone \uDC69",
  "x".repeat(5_000),
];

/** Enough regions of a kind for a list. */
const LISTED = Array.from({ length: 6 }, () => "opened" as const);

/** An alert in which all text from outside is this name. */
function alertNaming(name: string, opened: readonly "opened"[] = ["opened"]): Alert {
  const exemption = {
    owner: name,
    reason: name,
    expires: "2026-11-25",
    endsSoon: true,
    observed: { status: "NON_COMPLIANT", reason: { code: "NOT_ACTIVATED", message: name } },
  } as const;
  const alert = alertWith([...opened, "unreadable", "resolved"], {
    others: ["NON_COMPLIANT", "INSUFFICIENT_DATA"],
    // In a list each region has an id of its own.
    edit: (finding) => ({
      ...finding,
      regionId: opened.length === 1 ? name : name + finding.regionId,
      accountId: name,
      localName: name,
      reason: { ...finding.reason, message: name },
    }),
  });
  const endingExemptions = alert.unreadable.map((finding) => ({ ...finding, exemption }));
  return { ...alert, endingExemptions };
}

describe.each(HOSTILE)("the name %.40j", (name) => {
  test.each(CHATS)("has no effect on markup in %s", (type) => {
    const marks = [/\]\(/g, /</g, />/g, /\*/g, /`/g, /\n/g, /^[-+>#] |^\d+\. /gm, /!\[/g];
    const countMarks = (text: string) => marks.map((mark) => text.match(mark)?.length ?? 0);
    for (const opened of [["opened"], LISTED] as const) {
      const textNaming = (text: string) =>
        textOf(type, alertNaming(text, opened), { language: "zh" });
      expect(countMarks(textNaming(name))).toEqual(countMarks(textNaming("cn-a")));
      expect(textNaming(name)).not.toContain("://evil");
    }
  });

  test.each([...CHATS, "alertmanager"] as const)("is cleaned and clipped for %s", (type) => {
    const sent = JSON.stringify(bodiesOf(type, alertNaming(name)));
    expect(sent).not.toMatch(/[\p{Cf}\p{Cs}\u2028\u2029]/u);
    expect(sent).not.toMatch(/\\u(00|d8|dc)/i);
    expect(Buffer.byteLength(sent)).toBeLessThan(10_000);
  });
});

test("a text is cut between grapheme clusters", () => {
  for (let length = 1; length < 40; length += 1) {
    const localName = "x".repeat(length) + "🇨🇳é\u0301".repeat(30);
    const alert = alertWith(["opened"], { edit: (finding) => ({ ...finding, localName }) });
    const [cut] = /x+[^…]*…/.exec(textOf("dingtalk", alert)) ?? [];
    expect(cut).toMatch(/^x+((🇨🇳é\u0301)*|(🇨🇳é\u0301)*🇨🇳)…$/u);
  }
});
