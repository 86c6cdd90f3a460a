import { expect, test } from "vitest";

import {
  type ConditionRecord,
  EMPTY_STATE,
  NEVER_NOTIFIED,
  type State,
} from "../../../shared/alerts/alert-state.ts";
import { type AlertPlan, planWithState } from "../../../shared/alerts/plan.ts";
import { recordReplacer } from "../../../shared/alerts/receiver-records.ts";
import {
  rememberFailed,
  rememberIntent,
  rememberNotified,
} from "../../../shared/alerts/remember.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import { serializeDocument } from "../../../shared/state/serialize-document.ts";
import { organizationReport } from "../../harness/many-accounts.ts";

const RECEIVERS = ["chat", "pager"];
const POLICY = { repeatAfterMs: 1_000, unreadableAfter: 1, summaryEveryMs: null };

function planAt(atMs: number, before: State): AlertPlan {
  const receivers = RECEIVERS.map((name) => ({ name, wantsEveryRun: false }));
  const run = { runId: `run-${atMs}`, startedAtMs: atMs, finishedAtMs: atMs, wholeScope: true };
  const report = organizationReport({ accounts: 5, regions: 4 });
  return planWithState(before, report, receivers, run, POLICY);
}

/** How many objects the entries have for what receivers know. */
function recordsIn({ entries }: State): number {
  expect(entries).toHaveLength(20);
  return new Set(entries.map(({ notified }) => notified)).size;
}

// Tens of thousands of entries take seconds to change and to write where each has its own.
test("entries that are alike share what receivers know, from the plan to the next run", () => {
  const { state: observed, changes } = planAt(0, EMPTY_STATE);
  let state = observed;
  expect(recordsIn(state)).toBe(1);
  for (const name of RECEIVERS) {
    state = rememberIntent(state, name, changes.get(name) ?? [], 0);
    expect(recordsIn(state)).toBe(1);
  }
  state = rememberNotified(state, "chat", changes.get("chat") ?? [], 0);
  expect(recordsIn(state)).toBe(1);
  state = rememberFailed(state, observed, "pager", changes.get("pager") ?? []);
  expect(recordsIn(state)).toBe(1);

  const read = parseDocument(serializeDocument(state)).state;
  expect(recordsIn(read)).toBe(1);
  expect(recordsIn(planAt(2_000, read).state)).toBe(1);
});

test("entries of which receivers know something else do not share it", () => {
  const { state, changes } = planAt(0, EMPTY_STATE);
  const [first, ...others] = changes.get("chat") ?? [];
  if (first === undefined) throw new Error("a change is due");
  const after = rememberNotified(state, "chat", [first], 0);
  expect(recordsIn(after)).toBe(2);
  const later = rememberNotified(after, "chat", others, 1);
  expect(recordsIn(later)).toBe(2);
  const times = later.entries.map(({ notified }) => notified["chat"]?.open.confirmed?.atMs);
  expect(times).toEqual([0, ...others.map(() => 1)]);
  expect(recordsIn(parseDocument(serializeDocument(later)).state)).toBe(2);
});

const CONFIRMED = { sinceMs: 1, code: "CODE", atMs: 2, exemptUntil: null };
const UNCONFIRMED = { event: "opened", sinceMs: 1, atMs: 2, exemptUntil: null } as const;
const KNOWN: ConditionRecord = { confirmed: CONFIRMED, unconfirmed: UNCONFIRMED };

test.each<[string, ConditionRecord]>([
  ["nothing confirmed", { ...KNOWN, confirmed: null }],
  ["nothing unconfirmed", { ...KNOWN, unconfirmed: null }],
  ["another beginning", { ...KNOWN, confirmed: { ...CONFIRMED, sinceMs: 9 } }],
  ["another reason", { ...KNOWN, confirmed: { ...CONFIRMED, code: "OTHER" } }],
  ["another time", { ...KNOWN, confirmed: { ...CONFIRMED, atMs: 9 } }],
  ["an exemption", { ...KNOWN, confirmed: { ...CONFIRMED, exemptUntil: "2026-12-01" } }],
  ["another event on its way", { ...KNOWN, unconfirmed: { ...UNCONFIRMED, event: "changed" } }],
  ["another beginning on its way", { ...KNOWN, unconfirmed: { ...UNCONFIRMED, sinceMs: 9 } }],
  ["another time on its way", { ...KNOWN, unconfirmed: { ...UNCONFIRMED, atMs: 9 } }],
  ["an exemption on its way", { ...KNOWN, unconfirmed: { ...UNCONFIRMED, exemptUntil: "2026" } }],
])("a record with %s is not shared, for either condition", (_, other) => {
  const nobody = {};
  for (const condition of ["open", "unreadable"] as const) {
    const replace = recordReplacer("chat");
    const record = { open: NEVER_NOTIFIED, unreadable: NEVER_NOTIFIED, [condition]: KNOWN };
    const first = replace(nobody, record);
    expect(replace(nobody, structuredClone(record))).toBe(first);
    expect(replace(nobody, { ...record, [condition]: other })).toEqual({
      chat: { ...record, [condition]: other },
    });
  }
});
