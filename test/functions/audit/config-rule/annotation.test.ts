import { describe, expect, test } from "vitest";

import {
  annotationOf,
  annotationOfLists,
} from "../../../../functions/audit/config-rule/annotation.ts";

const ids = (count: number, text: string) =>
  Array.from({ length: count }, (_, index) => `${text}${index}`);

describe("a text", () => {
  test("stays as it is where it is short", () => {
    expect(annotationOf("The VPC has no flow log.")).toBe("The VPC has no flow log.");
  });

  test("is on one line, without what changes its direction or colour", () => {
    expect(annotationOf("a\r\nb\u202ec\u001b[31md\ud800e")).toBe("a bc[31mde");
  });

  test.each([
    ["x", "x".repeat(255)],
    ["名", "名".repeat(255)],
    // Two code units each.
    ["😀", "😀".repeat(127)],
    ["e\u0301", "e\u0301".repeat(127)],
  ])("of many %s is cut between characters", (character, kept) => {
    const annotation = annotationOf(character.repeat(1_000));
    expect(annotation.length).toBeLessThanOrEqual(256);
    expect(annotation.isWellFormed()).toBe(true);
    expect(annotation).toBe(`${kept}…`);
  });
});

describe("lists", () => {
  test("are named whole where they fit", () => {
    const annotation = annotationOfLists("rule.", [
      { label: "Not compliant", items: ["cn-a", "cn-b"] },
      { label: "Could not be read", items: [] },
      { label: "Exempt", items: ["cn-c (net-team, until 2099-03-31)"] },
    ]);
    expect(annotation).toBe(
      "rule. Not compliant: cn-a, cn-b. Exempt: cn-c (net-team, until 2099-03-31).",
    );
  });

  test.each([
    [40, 40],
    [1, 100],
    [100_000, 1],
  ])("of %d and %d are each named by their first, and how many more there are", (first, second) => {
    const annotation = annotationOfLists("rule.", [
      { label: "Not compliant", items: ids(first, "cn-hangzhou-") },
      { label: "Could not be read", items: ids(second, "ap-southeast-") },
    ]);
    expect(annotation.length).toBeLessThanOrEqual(256);
    expect(annotation.length).toBeGreaterThan(140);
    for (const [label, count, name] of [
      ["Not compliant", first, "cn-hangzhou-"],
      ["Could not be read", second, "ap-southeast-"],
    ] as const) {
      const [, list = "", more = "0"] =
        new RegExp(`${label}: ([^.]*?)(?: and (\\d+) more)?\\.`).exec(annotation) ?? [];
      const named = list.split(", ");
      expect(named).toEqual(ids(named.length, name));
      expect(named.length + Number(more)).toBe(count);
    }
  });

  test("of long items are counted", () => {
    const items = ids(3, "x".repeat(300));
    expect(annotationOfLists("rule.", [{ label: "Not compliant", items }])).toBe(
      "rule. Not compliant: 3.",
    );
  });

  test("have no line ends of an item", () => {
    expect(annotationOfLists("rule.", [{ label: "Exempt", items: ["a\nb"] }])).toBe(
      "rule. Exempt: a b.",
    );
  });
});
