import { describe, expect, test } from "vitest";

import type { Change, Condition } from "../../../shared/alerts/alert.ts";
import { lastKnownFinding } from "../../../shared/alerts/last-known-finding.ts";
import { RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

const OPENED = alertWith(["opened"]);
const [{ finding }] = OPENED.changes as [Change];

function exempted(condition: Condition) {
  const { status, reason } = finding;
  const agreed = { owner: "net-team", reason: "moving", expires: "2027-03-31", endsSoon: false };
  const exemption = { ...agreed, observed: { status, reason } };
  return alertWith(["changed"], {
    findings: [],
    changes: [
      {
        event: "changed",
        condition,
        sinceMs: 0,
        finding: { ...finding, status: "IGNORED", exemption },
      },
    ],
  });
}

function unscoped(condition: Condition) {
  const lastKnown = lastKnownFinding(finding, condition);
  return alertWith(["unscoped"], {
    findings: [],
    changes: [{ event: "unscoped", condition, sinceMs: 0, finding: lastKnown }],
  });
}

describe("a subject that is exempt, or no longer checked", () => {
  const all = (["open", "unreadable"] as const).flatMap((condition) => [
    {
      what: `exempt, ${condition}`,
      alert: exempted(condition),
      en: "exempt until 2027",
      zh: "豁免",
    },
    { what: `unscoped, ${condition}`, alert: unscoped(condition), en: "No longer", zh: "不再检查" },
  ]);

  test.each(all)(
    "is in the message in both languages, without mentions or an action: $what",
    (row) => {
      const mentions = { everyone: true, userIds: ["U1"] };
      for (const type of CHATS) {
        const { everyone, userIds } = mentions;
        const options = type === "wecom" || type === "teams" ? { userIds } : { everyone, userIds };
        for (const language of ["en", "zh"] as const) {
          // Ignores the escapes of each vendor.
          const text = textOf(type, row.alert, { language }).replaceAll("\\", "");
          expect(text).toContain(row[language]);
          expect(text).not.toMatch(/OpenFlowLogService|TIMEOUT|SERVICE_ERROR/);
          expect(bodiesOf(type, row.alert, { language, mentions: options })).toEqual(
            bodiesOf(type, row.alert, { language }),
          );
        }
      }
    },
  );

  test.each(all)(
    "ends at an Alertmanager under the labels of its beginning: $what",
    ({ alert, what }) => {
      const [condition] = alert.changes.map((change) => change.condition);
      const [before] = bodiesOf(
        "alertmanager",
        alertWith([condition === "open" ? "opened" : "unreadable"]),
      ).flat();
      const [after] = bodiesOf("alertmanager", alert).flat();
      expect([what, Object(after).endsAt]).toEqual([what, alert.at]);
      expect(Object(after).labels).toEqual(Object(before).labels);
    },
  );
});

test.each([
  ["open", "RuleNotCompliant", {}],
  ["unreadable", "RuleStatusUnreadable", { severity: "warning" }],
] as const)(
  "an entry of an unknown rule that was %s ends at an Alertmanager without another rule's labels",
  (condition, alertname, severity) => {
    const alert = unscoped(condition);
    const changes = alert.changes.map((change) => ({
      ...change,
      finding: { ...change.finding, ruleId: "former-rule" },
    }));
    const [ended] = bodiesOf("alertmanager", { ...alert, changes }).flat();
    expect(Object(ended).labels).toEqual({
      alertname,
      rule_id: "former-rule",
      account_id: finding.accountId,
      region_id: finding.regionId,
      ...severity,
    });
    expect(Object(ended).endsAt).toBe(alert.at);
  },
);

test.each(RECEIVER_TYPES)(
  "while the state cannot be used, %s is sent one line about it",
  (type) => {
    const lines = { en: "The state cannot be read or written.", zh: "状态存储无法读写" };
    for (const language of ["en", "zh"] as const) {
      // A program reads English.
      const line = lines[type === "webhook" ? "en" : language];
      const said = JSON.stringify(bodiesOf(type, { ...OPENED, stateFailed: true }, { language }));
      expect(said.split(line)).toHaveLength(2);
      expect(JSON.stringify(bodiesOf(type, OPENED, { language }))).not.toContain(line);
    }
  },
);
