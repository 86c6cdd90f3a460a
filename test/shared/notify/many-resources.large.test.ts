import { describe, expect, test } from "vitest";

import { EMPTY_STATE, openSinceOf, type State } from "../../../shared/alerts/alert-state.ts";
import { type Alert, alertOf } from "../../../shared/alerts/alert.ts";
import { planWithState } from "../../../shared/alerts/plan.ts";
import { rememberNotified } from "../../../shared/alerts/remember.ts";
import type { Finding } from "../../../shared/audit/finding.ts";
import { summarize } from "../../../shared/audit/report.ts";
import { keyOf } from "../../../shared/audit/subject.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import { serializeDocument } from "../../../shared/state/serialize-document.ts";
import { BOX_TYPE, boxRule } from "../../harness/box-rule.ts";
import { reportWith } from "../../harness/report-with.ts";
import { bodiesOf, CHATS, messagesOf, shareOfLimit, textOf } from "./read-bodies.ts";

/** Very many resources in one region, as an account with one VPC for each customer has them. */

const HOUR = 3_600_000;
const CARD = boxRule({});
const POLICY = { repeatAfterMs: 24 * HOUR, unreadableAfter: 1, summaryEveryMs: null };
const MAX_MESSAGES = 5;

type Box = Pick<Finding, "status" | "reason">;
const OPEN: Box = { status: "NON_COMPLIANT", reason: { code: "OPEN", message: "It is open." } };
const MOVING: Box = {
  status: "INSUFFICIENT_DATA",
  reason: { code: "MOVING", message: "The lid is moving." },
};
const DENIED: Box = {
  status: "INSUFFICIENT_DATA",
  reason: { code: "ACCESS_DENIED", message: "Access denied." },
};

/** An id as long as those of VPCs. */
const boxId = (index: number): string => `vpc-bp1${String(index).padStart(17, "0")}`;

function manyOf(count: number, box: Box): (Box & Pick<Finding, "resource">)[] {
  return Array.from({ length: count }, (_, index) => ({
    ...box,
    resource: { type: BOX_TYPE, id: boxId(index), name: `customer ${index}` },
  }));
}

/** What a receiver is sent after a run at an hour that finds this, and the state then. */
function runAt(
  hour: number,
  found: readonly (Box & Pick<Finding, "resource">)[],
  before: State = EMPTY_STATE,
  wantsEveryRun = false,
): { readonly alert: Alert; readonly state: State } {
  const [first] = reportWith(["COMPLIANT"]).findings;
  if (first === undefined) throw new Error("a report has a finding");
  const findings = found.map((box) => ({
    ...first,
    ...box,
    ruleId: CARD.id,
    regionId: "cn-hangzhou",
  }));
  const ms = Date.UTC(2026, 10, 22) + hour * HOUR;
  const at = new Date(ms).toISOString();
  const run = { runId: `run-${hour}`, startedAt: at, finishedAt: at, rules: [CARD] };
  const report = { ...reportWith(["COMPLIANT"]), ...run, summary: summarize(findings), findings };
  const { state, changes } = planWithState(
    before,
    report,
    [{ name: "it", wantsEveryRun }],
    { runId: run.runId, startedAtMs: ms, finishedAtMs: ms, wholeScope: true },
    POLICY,
  );
  const due = changes.get("it") ?? [];
  const alert = { ...alertOf("alert", report, [CARD], due, true), openSince: openSinceOf(state) };
  return { alert, state: rememberNotified(state, "it", due, ms) };
}

const OPENED = runAt(0, manyOf(1_000, OPEN));
const UNREAD = runAt(1, [DENIED], OPENED.state);
const REMINDED = runAt(24, [DENIED], UNREAD.state);
const ALERTS: Readonly<Record<string, Alert>> = {
  "1,000 open": OPENED.alert,
  "1,000 still open": runAt(24, manyOf(1_000, OPEN), OPENED.state).alert,
  "1,000 gone": runAt(1, [{ ...OPEN, status: "NOT_APPLICABLE" }], OPENED.state).alert,
  "reminders of 1,000 whose list cannot be read": REMINDED.alert,
  "500 that cannot be read for one reason": runAt(0, manyOf(500, DENIED)).alert,
  "500 of which neither yes nor no is known": runAt(0, manyOf(500, MOVING)).alert,
};

describe.each(RECEIVER_TYPES)("%s", (type) => {
  test.each(Object.entries(ALERTS))("has room in five messages: %s", (_what, alert) => {
    for (const language of LANGUAGES) {
      const messages = messagesOf(type, alert, { language });
      expect(messages.length).toBeLessThanOrEqual(MAX_MESSAGES);
      for (const { body } of messages) expect(shareOfLimit(type, body)).toBeLessThanOrEqual(1);
      // Each change is covered once, also where it is only counted.
      expect(messages.flatMap(({ covers }) => covers)).toHaveLength(alert.changes.length);
    }
  });
});

describe.each(CHATS)("%s", (type) => {
  test.each(Object.entries(ALERTS))("counts those that it has no room for: %s", (_what, alert) => {
    const text = textOf(type, alert, { language: "en" }).replaceAll("\\", "");
    const named = new Set(text.match(/vpc-bp1\d{17}/g));
    const [, more = "0"] = /and (\d+) more/.exec(text) ?? [];
    // The region whose list cannot be read is one more, of which the receiver knows already.
    const region = /Could not be read .*: cn-hangzhou$/m.test(text) ? 1 : 0;
    const told = [...alert.changes.map(({ finding }) => finding), ...alert.unreadable];
    expect(named.size + Number(more) + region).toBe(new Set(told.map(keyOf)).size);
    expect(named.size).toBeGreaterThan(50);
  });

  test("names the worst first, and groups the others by reason", () => {
    const worst = { ...OPEN, resource: { type: BOX_TYPE, id: "z-open" } };
    const mixed = [...manyOf(250, DENIED), ...manyOf(500, MOVING).slice(250), worst];
    const { alert } = runAt(0, mixed);
    const text = textOf(type, alert, { language: "en" });
    expect(text.indexOf("z-open")).toBeLessThan(text.indexOf(boxId(0)));
    expect(text).toMatch(/Cannot be read \(.?ACCESS_DENIED.?, a permission is missing\)/);
    expect(text.match(/What to do about/g)).toHaveLength(2);
    expect(text).toMatch(/What to do about .?MOVING.?: wait for the next run/);
  });
});

test("while a list cannot be read, one change is about the region, and says so", () => {
  expect(UNREAD.alert.changes).toMatchObject([{ event: "unreadable", condition: "unreadable" }]);
  expect(UNREAD.alert.changes[0]?.finding.resource).toBeUndefined();
  expect(UNREAD.state.entries.filter(({ open }) => open !== null)).toHaveLength(1_000);
  for (const type of CHATS) {
    expect(bodiesOf(type, UNREAD.alert)).toHaveLength(1);
    const reminded = textOf(type, REMINDED.alert, { language: "en" }).replaceAll("\\", "");
    expect(reminded).toMatch(/out of order when last read, since 2026-11-22 00:00 UTC/);
    // The list cannot be read since 01:00, not since then.
    expect(reminded).not.toMatch(/account \d+ · since|acme mend|still out of order/i);
  }
});

test("an Alertmanager keeps each open alert while the list cannot be read", () => {
  const opened = runAt(0, manyOf(200, OPEN), EMPTY_STATE, true);
  const { alert } = runAt(1, [DENIED], opened.state, true);
  const posted = bodiesOf("alertmanager", alert).flat();
  expect(posted).toHaveLength(201);
  for (const each of posted)
    expect(Date.parse(Object(each).endsAt)).toBeGreaterThan(Date.parse(alert.at));
});

test("the state of 5,000 open resources survives writing and reading", () => {
  const { state } = runAt(0, manyOf(5_000, OPEN));
  const text = serializeDocument(state);
  expect(Buffer.byteLength(text)).toBeLessThan(5_000 * 1_000);
  const read = parseDocument(text);
  expect(read.problem).toBeNull();
  expect(read.state.entries).toHaveLength(5_000);
});
