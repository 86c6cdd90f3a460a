import { describe, expect, test } from "vitest";

import { alertWith } from "../../harness/alert-with.ts";
import { bodiesOf } from "./read-bodies.ts";

const ALERT = alertWith(
  ["opened", "unreadable", "resolved", ...Array.from({ length: 6 }, () => "opened" as const)],
  {
    others: ["INSUFFICIENT_DATA"],
  },
);

describe("the layout", () => {
  test("of Teams: an element a line, close where they stand together, parted from others", () => {
    const [body] = bodiesOf("teams", alertWith(["opened", "resolved"]));
    const [, ...elements] = Object(body).attachments[0].content.body;
    const shape = elements.map((element: Readonly<Record<string, unknown>>) => {
      expect(element["text"]).not.toContain("\n");
      return [element["spacing"], element["separator"]];
    });
    const close = ["None", undefined];
    const parted = [undefined, true];
    expect(shape).toEqual([
      [undefined, undefined],
      close,
      close,
      parted,
      close,
      close,
      parted,
      close,
      close,
    ]);
  });

  test("of DingTalk: no marks of code, which it would show", () => {
    for (const language of ["en", "zh"] as const) {
      expect(JSON.stringify(bodiesOf("dingtalk", ALERT, { language }))).not.toContain("`");
    }
  });

  test("of Feishu: no mere line end, which it may ignore", () => {
    const [body] = bodiesOf("feishu", ALERT);
    const contents = Object(body).card.body.elements.map(
      ({ content }: { content: string }) => content,
    );
    expect(contents.filter((content: string) => content.includes("\n"))).toEqual([]);
    expect(contents.filter((content: string) => content.includes("<br>")).length).toBeGreaterThan(
      2,
    );
  });
});
