import { describe, expect, test } from "vitest";

import type { RuleCard } from "../../../shared/audit/rule-card.ts";
import { escapeMarks } from "../../../shared/notify/message/escape-marks.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

const CARDS: readonly RuleCard[] = [...(await loadRules(RULE_IDS)), SAMPLE_RULE];

/** All texts in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe.each(CARDS.map((card) => [card.id, card] as const))("the card of %s", (_id, card) => {
  const { type } = card.subject === "region" ? { type: null } : card.subject;
  const resource = type === null ? {} : { resource: { type, id: "id-1" } };
  const remedy = card.remedy({ regionId: "cn-hangzhou", ...resource });

  test("has texts that are not empty and have no effect on markup", () => {
    // A message has no Terraform.
    const { command, terraform, consoleUrl, ...notes } = remedy;
    const texts = textsIn([card.words, card.reasons, notes, card.subject]);
    for (const text of texts) expect([text, escapeMarks(text, "_")]).toEqual([text, text]);
    expect(texts.filter((text) => text.trim() === "")).toEqual([]);
    expect(command ?? "a command").not.toBe("");
    expect(terraform ?? "Terraform").not.toBe("");
    expect(consoleUrl).toMatch(/^https:\/\//);
  });

  test.each(LANGUAGES)(
    "has a topic and states that are short enough for a title, in %s",
    (language) => {
      const { topic, open, compliant } = card.words[language];
      for (const text of [topic, open, compliant]) {
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60);
        expect(text).not.toMatch(/[.。]$/);
      }
    },
  );

  test("has a reason for compliance and for the lack of it, each with a sentence", () => {
    const statuses = Object.values(card.reasons).map(({ status }) => status);
    expect(statuses).toEqual(expect.arrayContaining(["COMPLIANT", "NON_COMPLIANT"]));
    for (const [code, { message }] of Object.entries(card.reasons)) {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(message).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("names its ids in the remedy, and its alerts as Prometheus does", () => {
    const ids = ["cn-hangzhou", ...(type === null ? [] : ["id-1"])];
    const texts = [remedy.command ?? ids.join(), remedy.consoleUrl];
    for (const id of ids) expect(texts[0]).toContain(id);
    expect(texts[1]).toContain("cn-hangzhou");
    for (const name of Object.values(card.alertNames)) expect(name).toMatch(/^([A-Z][a-z0-9]+)+$/);
  });
});

test("every rule has a card, in the order in which rules are listed", () => {
  expect(CARDS.map(({ id }) => id)).toEqual([...RULE_IDS, SAMPLE_RULE.id]);
});

test("no two rules have an id or an alert name in common", () => {
  const names = CARDS.flatMap(({ id, alertNames }) => [id, ...Object.values(alertNames)]);
  expect(new Set(names).size).toBe(names.length);
});
