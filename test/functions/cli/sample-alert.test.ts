import { describe, expect, test } from "vitest";

import { sampleAlert } from "../../../functions/cli/commands/alert/sample-alert.ts";
import type { RuleCard } from "../../../shared/audit/rule-card.ts";
import { flowLogServiceActivated } from "../../../shared/rules/flow-log-service-activated.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

const NOW = new Date("2026-11-22T08:00:00.000Z");

describe.each([
  ["the rules of this version", DEFAULT_RULES],
  ["a rule about resources", [SAMPLE_RULE]],
  ["two rules", [flowLogServiceActivated, SAMPLE_RULE]],
] as const)("a sample alert of %s", (_what, cards: readonly RuleCard[]) => {
  const { changes, findings, unreadable, endingExemptions, rules } = sampleAlert(
    NOW,
    "en",
    cards,
    false,
  );

  test("has a change of each kind, and one of each other finding, for each rule", () => {
    const events = ["opened", "reminder", "resolved", "unreadable"];
    for (const { id } of cards) {
      const own = changes.filter(({ finding }) => finding.ruleId === id);
      expect(own.map(({ event }) => event).toSorted()).toEqual(events);
      for (const list of [unreadable, endingExemptions]) {
        expect(list.filter(({ ruleId }) => ruleId === id)).toHaveLength(1);
      }
    }
    expect(rules.map(({ card }) => card)).toEqual(cards);
  });

  test("has the cards' reasons and resources", () => {
    const judged = [...findings, ...endingExemptions, ...changes.map(({ finding }) => finding)];
    for (const { ruleId, status, exemption, reason, resource } of judged) {
      const card = cards.find(({ id }) => id === ruleId);
      const observed = exemption?.observed ?? { status, reason };
      const isRead = observed.status !== "INSUFFICIENT_DATA";
      const subject = card?.subject === "region" ? undefined : card?.subject.type;
      expect(resource?.type).toBe(isRead ? subject : undefined);
      const own = card?.reasons[observed.reason.code];
      expect([own?.status, own?.message]).toEqual(
        isRead ? [observed.status, observed.reason.message] : [undefined, undefined],
      );
    }
  });
});

test("a sample alert of several accounts has each change in each of them, by name", () => {
  const of = (isOfMany: boolean) => sampleAlert(NOW, "en", DEFAULT_RULES, isOfMany);
  const { changes, accounts, accountNames, summary } = of(true);
  expect([...accountNames]).toEqual([
    ["1234567890123456", "security"],
    ["1234567890123457", "prod"],
  ]);
  expect(accounts).toEqual([...accountNames.keys()]);
  expect(summary.total).toBe(2 * of(false).summary.total);
  for (const id of accounts) {
    const events = changes.filter(({ finding }) => finding.accountId === id);
    expect(events).toHaveLength(of(false).changes.length);
  }
  expect(of(false).accountNames.size).toBe(0);
});

test("a card without a reason for a status is named in the error", () => {
  const card = { ...SAMPLE_RULE, reasons: {} };
  expect(() => sampleAlert(NOW, "en", [card], false)).toThrow(
    "no reason of sample-rule explains NON_COMPLIANT",
  );
});
