import { describe, expect, test } from "vitest";

import type { Change } from "../../../shared/alerts/alert.ts";
import { goneFinding } from "../../../shared/alerts/gone-finding.ts";
import { applyExemptions } from "../../../shared/audit/exemption.ts";
import type { Finding } from "../../../shared/audit/finding.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { asSample, SAMPLE_RULE } from "../../harness/sample-rule.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

const gone = (finding: Finding): Finding => goneFinding(asSample(finding), finding);
const onLoan = (finding: Finding): Finding => ({
  ...asSample(finding),
  status: "NOT_APPLICABLE",
  reason: { code: "ON_LOAN", message: "It is on loan to another lab." },
});
const exempt = (finding: Finding): Finding => {
  const agreed = { region: "*", account: "*", rule: "*", resource: "*" };
  const until = { owner: "o", reason: "r", expires: "2099-01-01", warnsFrom: "2098-12-25" };
  const [exempted = finding] = applyExemptions(
    [finding],
    [{ ...agreed, ...until }],
    "2026-11-22T08:00:00Z",
  ).findings;
  return exempted;
};

/** What a message says where a sample is in order, and what it says of one to mend. */
const COMPLIANT = /in order|resolved|已就绪|已恢复|Fetch a broom|取扫帚|Sweep|扫地/i;
const TO_MEND = /acme mend|Mind the step|小心台阶/;

const ENDS: readonly (readonly [
  what: string,
  edit: (finding: Finding) => Finding,
  code: string,
])[] = [
  ["gone", gone, "GONE"],
  ["not judged any more", onLoan, "ON_LOAN"],
  ["not judged any more, and exempt", (finding) => exempt(onLoan(finding)), "ON_LOAN"],
];

describe.each(ENDS)("a resource that is %s", (_what, edit, code) => {
  const alertOf = (count: number) =>
    alertWith(
      Array.from({ length: count }, () => "resolved" as const),
      { cards: [SAMPLE_RULE], edit },
    );

  test.each(CHATS)("is in %s with its reason, and not as compliant", (type) => {
    for (const language of LANGUAGES) {
      for (const count of [1, 3, 7]) {
        const text = textOf(type, alertOf(count), { language }).replaceAll("\\", "");
        expect(text).toContain(code);
        expect(text).toMatch({ en: /no longer applicable/i, zh: /不再适用/ }[language]);
        expect(text).not.toMatch(COMPLIANT);
        expect(text).not.toMatch(TO_MEND);
      }
    }
  });

  test.each(RECEIVER_TYPES)("mentions nobody at %s", (type) => {
    const mentions =
      type === "wecom" || type === "teams" ? { userIds: ["U1"] } : { everyone: true };
    if (!CHATS.some((chat) => chat === type)) return;
    expect(bodiesOf(type, alertOf(1), { mentions })).toEqual(bodiesOf(type, alertOf(1)));
  });

  test("is neither an alarm nor good news by its colour", () => {
    const [body] = bodiesOf("wecom", alertOf(1));
    expect(JSON.stringify(body)).toContain('<font color=\\"comment\\">');
  });

  test("ends at an Alertmanager under the labels of its beginning, without a next step", () => {
    const [began] = bodiesOf(
      "alertmanager",
      alertWith(["opened"], { cards: [SAMPLE_RULE], edit: (finding) => asSample(finding) }),
    ).flat();
    const alert = alertOf(1);
    const [ended] = bodiesOf("alertmanager", alert).flat();
    expect(Object(ended).labels).toEqual(Object(began).labels);
    expect(Object(ended).endsAt).toBe(alert.at);
    const { summary, description, ...others } = Object(ended).annotations;
    expect(summary).toContain("no longer applicable");
    expect(description).toBe(alert.changes[0]?.finding.reason.message);
    expect(Object.keys(others).toSorted()).toEqual(["console", "controls"]);
  });

  test("is resolved at a generic endpoint, with its status and code, and without a note", () => {
    const [body] = bodiesOf("webhook", alertOf(1));
    const { finding } = alertOf(1).changes[0] as Change;
    const { changes, notes } = Object(body).data;
    expect(changes).toMatchObject([
      {
        event: "resolved",
        resource: { id: "s-cn-r0" },
        status: finding.status,
        code: finding.reason.code,
      },
    ]);
    expect(notes).toBeUndefined();
  });
});

test.each(CHATS)("%s says once of a resource that is gone that it is no longer judged", (type) => {
  // It was open, could not be read, and is gone.
  const alert = alertWith(["resolved", "opened"], {
    cards: [SAMPLE_RULE],
    edit: (finding) => (finding.regionId === "cn-r0" ? gone(finding) : asSample(finding)),
  });
  const [resolved, opened] = alert.changes as [Change, Change];
  const readable: Change = { ...resolved, event: "readable", condition: "unreadable" };
  const both = { ...alert, changes: [resolved, readable, opened] };
  const text = textOf(type, both, { language: "en" });
  const lines = text.split("\n").filter((line) => line.includes("GONE"));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.match(/no longer applicable/g)).toHaveLength(1);
  expect(text).not.toMatch(/can be read again/i);
});

test.each(CHATS)(
  "%s says of a resource that can be read again, and is not judged, both",
  (type) => {
    const alert = alertWith(["resolved", "opened"], {
      cards: [SAMPLE_RULE],
      edit: (finding) => (finding.regionId === "cn-r0" ? onLoan(finding) : asSample(finding)),
    });
    const [resolved, opened] = alert.changes as [Change, Change];
    const readable: Change = { ...resolved, event: "readable", condition: "unreadable" };
    const text = textOf(
      type,
      { ...alert, changes: [resolved, readable, opened] },
      { language: "en" },
    );
    expect(text).toMatch(
      /can be read again; no longer applicable|no longer applicable; can be read again/,
    );
    expect(text).toMatch(/ON_LOAN/);
  },
);
