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
  test("of Teams: one element a line, close within a block, with a separator between blocks", () => {
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

  test("of DingTalk: no backticks, which it would show", () => {
    for (const language of ["en", "zh"] as const) {
      expect(JSON.stringify(bodiesOf("dingtalk", ALERT, { language }))).not.toContain("`");
    }
  });

  test("of Feishu: <br> instead of line ends, which it may ignore", () => {
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
