import { expect, test } from "vitest";

import { EMPTY_STATE, openSinceOf } from "../../../shared/alerts/alert-state.ts";
import { type Alert, alertOf } from "../../../shared/alerts/alert.ts";
import { planWithState } from "../../../shared/alerts/plan.ts";
import { rememberNotified } from "../../../shared/alerts/remember.ts";
import type { Finding } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { boxRule, BOX_TYPE } from "../../harness/box-rule.ts";
import { reportWith } from "../../harness/report-with.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

const HOUR = 3_600_000;
const CARD = boxRule({});
const POLICY = { repeatAfterMs: 24 * HOUR, unreadableAfter: 1, summaryEveryMs: null };

function reportOf(edit: (finding: Finding) => Finding, hour: number): Report {
  const [first] = reportWith(["NON_COMPLIANT"]).findings;
  if (first === undefined) throw new Error("a report has a finding");
  const findings = [edit({ ...first, ruleId: CARD.id })];
  const at = new Date(Date.UTC(2026, 10, 22) + hour * HOUR).toISOString();
  const run = { startedAt: at, finishedAt: at, rules: [CARD] };
  return { ...reportWith(["COMPLIANT"]), ...run, summary: summarize(findings), findings };
}

const isOpen = (finding: Finding): Finding => ({
  ...finding,
  resource: { type: BOX_TYPE, id: "box-1" },
  reason: { code: "OPEN", message: "box-1 is open." },
});
const isUnread = (finding: Finding): Finding => ({
  ...finding,
  status: "INSUFFICIENT_DATA",
  reason: { code: "THROTTLED", message: "The boxes cannot be listed." },
});

/** The alert of a run that cannot list boxes, a day after one of them was open. */
function alertAfterADay(wantsEveryRun: boolean): Alert {
  const receivers = [{ name: "it", wantsEveryRun }];
  const runAt = (report: Report, before = EMPTY_STATE) => {
    const ms = Date.parse(report.finishedAt);
    const run = { runId: report.startedAt, startedAtMs: ms, finishedAtMs: ms, wholeScope: true };
    const { state, changes } = planWithState(before, report, receivers, run, POLICY);
    const due = changes.get("it") ?? [];
    return { due, state: rememberNotified(state, "it", due, ms) };
  };
  const first = runAt(reportOf(isOpen, 0));
  const second = runAt(reportOf(isUnread, 1), first.state);
  const report = reportOf(isUnread, 24);
  const third = runAt(report, second.state);
  const alert = alertOf("alert", report, [CARD], third.due, true);
  return { ...alert, openSince: openSinceOf(third.state) };
}

test.each(CHATS)("%s says of a resource that was not listed what it was when last read", (type) => {
  const text = textOf(type, alertAfterADay(false), { language: "en" }).replaceAll("\\", "");
  expect(text).toContain("cn-r0/box-1");
  expect(text).toContain("Cannot be read");
  expect(text).toContain("When last read, it was out of order (since 2026-11-22 00:00 UTC).");
  expect(text).not.toMatch(/still out of order|acme mend/i);
});

test("an Alertmanager keeps the alert of a resource that was not listed", () => {
  const posted = bodiesOf("alertmanager", alertAfterADay(true)).flat();
  expect(posted).toContainEqual(
    expect.objectContaining({
      labels: expect.objectContaining({ resource_id: "box-1", region_id: "cn-r0" }),
      annotations: expect.objectContaining({
        description: "The boxes cannot be listed.",
        summary: expect.not.stringContaining("still out of order"),
      }),
      startsAt: "2026-11-22T00:00:00.000Z",
      endsAt: "2026-11-23T04:00:00.000Z",
    }),
  );
});
