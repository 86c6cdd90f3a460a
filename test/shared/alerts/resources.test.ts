import { describe, expect, test } from "vitest";

import { EMPTY_STATE, type State } from "../../../shared/alerts/alert-state.ts";
import type { Change } from "../../../shared/alerts/alert.ts";
import { planWithoutState, planWithState } from "../../../shared/alerts/plan.ts";
import { forgetEnded, rememberNotified } from "../../../shared/alerts/remember.ts";
import type { Finding, Status } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { messageKey } from "../../../shared/notify/message/message-key.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import { serializeDocument } from "../../../shared/state/serialize-document.ts";
import { reportWith } from "../../harness/report-with.ts";

const HOUR = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR, unreadableAfter: 1, summaryEveryMs: null };
const CHAT = { name: "chat", wantsEveryRun: false };
const PAGER = { name: "pager", wantsEveryRun: true };

/** The findings of a run in the only region: about the region, or about each box by its id. */
type Found = Status | Readonly<Record<string, Status>>;

function reportOf(found: Found): Report {
  const [finding, ...others] = reportWith(
    typeof found === "string" ? [found] : Object.values(found),
  ).findings;
  if (finding === undefined) throw new Error("a report has a finding");
  const ids = typeof found === "string" ? [] : Object.keys(found);
  const findings = [finding, ...others].map((each, index): Finding => {
    const id = ids[index];
    const about = id === undefined ? {} : { resource: { type: "ACME::Box", id } };
    return { ...each, ruleId: "boxes-shut", regionId: "cn-r0", ...about };
  });
  return { ...reportWith(["COMPLIANT"]), trigger: "timer", findings, summary: summarize(findings) };
}

/** A run at an hour that receivers confirm. */
function run(
  hour: number,
  found: Found,
  before: State = EMPTY_STATE,
  { receiver = CHAT, wholeScope = true } = {},
): { readonly changes: readonly string[]; readonly state: State; readonly raw: readonly Change[] } {
  const at = { runId: `run-${hour}`, startedAtMs: hour * HOUR, finishedAtMs: hour * HOUR };
  const plan = planWithState(before, reportOf(found), [receiver], { ...at, wholeScope }, POLICY);
  const raw = plan.changes.get(receiver.name) ?? [];
  const state = forgetEnded(rememberNotified(plan.state, receiver.name, raw, hour * HOUR));
  // The state survives writing and reading.
  const stored = parseDocument(serializeDocument(state));
  expect(stored.problem).toBeNull();
  const changes = raw.map(({ event, finding }) => `${event} ${finding.resource?.id ?? "region"}`);
  return { changes, state: stored.state, raw };
}

function subjectsIn({ entries }: State): string[] {
  return entries.map(({ resource, open }) => `${resource?.id ?? "region"} ${open ? "open" : "-"}`);
}

test("two resources of one region are two entries and two alerts", () => {
  const first = run(0, { "box-1": "NON_COMPLIANT", "box-2": "NON_COMPLIANT" });
  expect(first.changes).toEqual(["opened box-1", "opened box-2"]);
  expect(subjectsIn(first.state)).toEqual(["box-1 open", "box-2 open"]);
  const second = run(1, { "box-1": "COMPLIANT", "box-2": "NON_COMPLIANT" }, first.state);
  expect(second.changes).toEqual(["resolved box-1"]);
  expect(subjectsIn(second.state)).toEqual(["box-2 open"]);
  const third = run(2, { "box-1": "COMPLIANT", "box-2": "COMPLIANT" }, second.state);
  expect(third.changes).toEqual(["resolved box-2"]);
  expect(third.state.entries).toEqual([]);
});

test("without a state both are alerted", () => {
  const plan = planWithoutState(reportOf({ "box-1": "NON_COMPLIANT", "box-2": "NON_COMPLIANT" }), [
    CHAT,
  ]);
  expect(plan.changes.get("chat")).toHaveLength(2);
});

test("messages about two resources have two keys", () => {
  const { raw } = run(0, { "box-1": "NON_COMPLIANT", "box-2": "NON_COMPLIANT" });
  const alert = { runId: "run", kind: "alert" } as const;
  const keys = raw.map((change) => messageKey(alert, "https://example.com", [change], 1));
  expect(new Set(keys).size).toBe(2);
});

describe("a resource that is gone", () => {
  const { state: before } = run(0, { "box-1": "NON_COMPLIANT", "box-2": "NON_COMPLIANT" });

  test.each([true, false])(
    "is resolved once its region was read, and that is sent once; of the whole scope: %s",
    (wholeScope) => {
      const scope = { receiver: CHAT, wholeScope };
      const gone = run(1, { "box-2": "NON_COMPLIANT" }, before, scope);
      expect(gone.changes).toEqual(["resolved box-1"]);
      expect(gone.raw).toMatchObject([
        {
          condition: "open",
          sinceMs: 0,
          finding: {
            resource: { type: "ACME::Box", id: "box-1" },
            status: "NOT_APPLICABLE",
            reason: {
              code: "GONE",
              message: "It is no longer found in the region, or no longer used there.",
            },
          },
        },
      ]);
      expect(subjectsIn(gone.state)).toEqual(["box-2 open"]);
      expect(run(2, { "box-2": "NON_COMPLIANT" }, gone.state, scope).changes).toEqual([]);
    },
  );

  test("is resolved also where no resource is left", () => {
    const none = run(1, "NOT_APPLICABLE", before);
    expect(none.changes).toEqual(["resolved box-1", "resolved box-2"]);
    expect(none.state.entries).toEqual([]);
  });

  test("is resolved where the others cannot be read: the list was", () => {
    const gone = run(1, { "box-2": "INSUFFICIENT_DATA" }, before);
    expect(gone.changes).toEqual(["unreadable box-2", "resolved box-1"]);
  });

  test("is readable too, where it could not be read", () => {
    const both = run(1, { "box-1": "INSUFFICIENT_DATA", "box-2": "NON_COMPLIANT" }, before);
    const gone = run(2, { "box-2": "NON_COMPLIANT" }, both.state);
    expect(gone.changes).toEqual(["resolved box-1", "readable box-1"]);
    expect(gone.raw.map(({ finding }) => finding.reason.code)).toEqual(["GONE", "GONE"]);
    expect(subjectsIn(gone.state)).toEqual(["box-2 open"]);
  });

  test("causes no change where the receiver was never notified of it", () => {
    const at = { runId: "run-0", startedAtMs: 0, finishedAtMs: 0, wholeScope: true };
    const found = { "box-1": "NON_COMPLIANT", "box-2": "COMPLIANT" } as const;
    const { state } = planWithState(EMPTY_STATE, reportOf(found), [CHAT], at, POLICY);
    const gone = run(1, { "box-2": "COMPLIANT" }, state);
    expect(gone.changes).toEqual([]);
    expect(gone.state.entries).toEqual([]);
  });

  test("is sent until it is confirmed, whatever the runs in between read", () => {
    const report = reportOf({ "box-2": "NON_COMPLIANT" });
    const at = { runId: "run-1", startedAtMs: HOUR, finishedAtMs: HOUR, wholeScope: true };
    const { state } = planWithState(before, report, [CHAT], at, POLICY);
    const unread = run(2, "INSUFFICIENT_DATA", state);
    expect(unread.changes).toEqual(["unreadable region"]);
    const read = run(3, { "box-2": "NON_COMPLIANT" }, unread.state);
    expect(read.changes).toEqual(["resolved box-1", "readable region"]);
    expect(run(4, { "box-2": "NON_COMPLIANT" }, read.state).changes).toEqual([]);
    // An earlier run that still found it, and ends later, does not open it again.
    const late = { runId: "run-0b", startedAtMs: HOUR - 1, finishedAtMs: 2 * HOUR };
    const old = reportOf({ "box-1": "NON_COMPLIANT", "box-2": "NON_COMPLIANT" });
    const after = planWithState(state, old, [CHAT], late, POLICY);
    expect(after.state.entries).toMatchObject([{ open: null }, { open: {} }]);
  });

  test("is opened again when it comes back", () => {
    const gone = run(1, { "box-2": "NON_COMPLIANT" }, before);
    const back = run(2, { "box-1": "NON_COMPLIANT", "box-2": "NON_COMPLIANT" }, gone.state);
    expect(back.changes).toEqual(["opened box-1"]);
    expect(back.raw).toMatchObject([{ sinceMs: 2 * HOUR }]);
  });

  test("is unscoped where its region, or its rule, is not in the report", () => {
    const about = (edit: Partial<Finding>): Report => {
      const report = reportOf({ "box-2": "NON_COMPLIANT" });
      return { ...report, findings: report.findings.map((each) => ({ ...each, ...edit })) };
    };
    const at = { runId: "run-1", startedAtMs: HOUR, finishedAtMs: HOUR };
    for (const edit of [{ regionId: "cn-r9" }, { ruleId: "sample-rule" }]) {
      const planOf = (wholeScope: boolean) =>
        planWithState(before, about(edit), [CHAT], { ...at, wholeScope }, POLICY);
      const left = (planOf(true).changes.get("chat") ?? [])
        .filter(({ event }) => event !== "opened")
        .map(({ event, finding }) => `${event} ${finding.resource?.id}`);
      expect(left).toEqual(["unscoped box-1", "unscoped box-2"]);
      const narrowed = planOf(false).changes.get("chat") ?? [];
      expect(narrowed.map(({ event }) => event)).toEqual(["opened"]);
    }
  });

  test("keeps its end while the account is only assumed", () => {
    const assumed = { ...reportOf({ "box-2": "NON_COMPLIANT" }), accountAssumed: true } as const;
    const at = { runId: "run-1", startedAtMs: HOUR, finishedAtMs: HOUR, wholeScope: true };
    const plan = planWithState(before, assumed, [CHAT], at, POLICY);
    expect(plan.changes.get("chat")).toBeUndefined();
    const known = run(2, { "box-2": "NON_COMPLIANT" }, plan.state);
    expect(known.changes).toEqual(["resolved box-1"]);
  });

  test("is unchanged where the resources could not be listed, and later without a change", () => {
    const failed = run(1, "INSUFFICIENT_DATA", before);
    expect(failed.changes).toEqual(["unreadable region"]);
    expect(subjectsIn(failed.state)).toEqual(["box-1 open", "box-2 open", "region -"]);
    const boxes = failed.state.entries.filter(({ resource }) => resource !== undefined);
    expect(boxes).toEqual(before.entries);
    const found = { "box-1": "NON_COMPLIANT", "box-2": "COMPLIANT" } as const;
    const read = run(2, found, failed.state);
    expect(read.changes).toEqual(["resolved box-2", "readable region"]);
    expect(subjectsIn(read.state)).toEqual(["box-1 open"]);
    expect(run(3, found, read.state).changes).toEqual([]);
  });

  test("causes reminders where the resources cannot be listed", () => {
    const failed = run(1, "INSUFFICIENT_DATA", before);
    const reminded = run(24, "INSUFFICIENT_DATA", failed.state);
    expect(reminded.changes).toEqual(["reminder box-1", "reminder box-2"]);
    // A receiver that keeps alerts would end this one if nothing were sent.
    const paged = run(0, { "box-1": "NON_COMPLIANT" }, EMPTY_STATE, {
      receiver: PAGER,
      wholeScope: true,
    });
    const silent = run(1, "INSUFFICIENT_DATA", paged.state, { receiver: PAGER, wholeScope: true });
    expect(silent.changes).toEqual(["unreadable region", "reminder box-1"]);
    expect(silent.raw.map(({ finding }) => finding.status)).toEqual([
      "INSUFFICIENT_DATA",
      "INSUFFICIENT_DATA",
    ]);
    expect(subjectsIn(silent.state)).toContain("box-1 open");
  });
});

test("a region that is readable again is notified also in a run of a part of the scope", () => {
  const failed = run(0, "INSUFFICIENT_DATA");
  const read = run(1, { "box-1": "COMPLIANT" }, failed.state, {
    receiver: CHAT,
    wholeScope: false,
  });
  expect(read.changes).toEqual(["readable region"]);
  expect(read.raw).toMatchObject([
    { sinceMs: 0, finding: { regionId: "cn-r0", status: "COMPLIANT" } },
  ]);
  expect(read.state.entries).toEqual([]);
});

test("with an assumed account, a region is not unscoped because of its resources", () => {
  const { state } = run(0, "NON_COMPLIANT");
  const found = { "box-1": "COMPLIANT" } as const;
  const report = { ...reportOf(found), accountAssumed: true } as const;
  const at = { runId: "run-1", startedAtMs: HOUR, finishedAtMs: HOUR, wholeScope: true };
  const assumed = planWithState(state, report, [CHAT], at, POLICY);
  expect(assumed.changes.get("chat")).toBeUndefined();
  // A run that knows the account says so.
  expect(run(2, found, assumed.state).changes).toEqual(["unscoped region"]);
});

test("a resource that the rule does not judge any more is resolved, with the rule's reason", () => {
  const first = run(0, { "box-1": "NON_COMPLIANT", "box-2": "NON_COMPLIANT" });
  const second = run(1, { "box-1": "NOT_APPLICABLE", "box-2": "NON_COMPLIANT" }, first.state);
  expect(second.changes).toEqual(["resolved box-1"]);
  expect(second.raw).toMatchObject([{ finding: { status: "NOT_APPLICABLE" } }]);
  expect(second.raw[0]?.finding.reason.code).not.toBe("GONE");
});

test("with 200 open resources in a region that cannot be read, one change is about the region", () => {
  const all = (status: Status) =>
    Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`box-${index}`, status]));
  const opened = run(0, all("NON_COMPLIANT"));
  const failed = run(1, "INSUFFICIENT_DATA", opened.state);
  expect(failed.changes).toEqual(["unreadable region"]);
  const still = run(2, "INSUFFICIENT_DATA", failed.state);
  expect(still.changes).toEqual([]);
  // A day after they were opened each is due a reminder, and the region an hour later.
  const reminded = run(24, "INSUFFICIENT_DATA", still.state);
  expect(reminded.changes.filter((change) => change.startsWith("reminder box"))).toHaveLength(200);
  expect(run(25, "INSUFFICIENT_DATA", reminded.state).changes).toEqual(["reminder region"]);
  const { "box-0": _gone, ...left } = all("NON_COMPLIANT");
  const read = run(26, left, reminded.state);
  expect(read.changes).toEqual(["resolved box-0", "readable region"]);
});

test("an unreadable resource is an entry of its own", () => {
  const first = run(0, { "box-1": "NON_COMPLIANT", "box-2": "COMPLIANT" });
  const second = run(1, { "box-1": "INSUFFICIENT_DATA", "box-2": "COMPLIANT" }, first.state);
  expect(second.changes).toEqual(["unreadable box-1"]);
  const third = run(2, { "box-1": "COMPLIANT", "box-2": "COMPLIANT" }, second.state);
  expect(third.changes).toEqual(["resolved box-1", "readable box-1"]);
});
