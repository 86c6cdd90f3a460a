import { describe, expect, test } from "vitest";

import type { Alert } from "../../../shared/audit/alert.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { bodiesOf } from "./read-bodies.ts";

const ALERT = alertWith(["opened", "resolved"]);

describe("Alertmanager", () => {
  test("knows an alert by labels that are the same from run to run", () => {
    const labelsOf = (alert: Alert) => bodiesOf("alertmanager", alert).flat().map(labels);
    const later = { ...ALERT, runId: "another", at: "2026-11-23T08:00:00.000Z" };
    const reminded = {
      ...later,
      changes: later.changes.map((change) => ({ ...change, event: "reminder" as const })),
    };
    const over = {
      ...later,
      changes: later.changes.map((change) => ({ ...change, event: "resolved" as const })),
    };
    expect(labelsOf(reminded)).toEqual(labelsOf(ALERT));
    expect(labelsOf(over)).toEqual(labelsOf(ALERT));
    expect(new Set(labelsOf(ALERT).map((each) => JSON.stringify(each))).size).toBe(2);
    expect(JSON.stringify(labelsOf(ALERT))).not.toContain(ALERT.runId);
  });

  test.each([
    ["opened", "2026-11-22T12:00:01.200Z"],
    ["reminder", "2026-11-22T12:00:01.200Z"],
    ["changed", "2026-11-22T12:00:01.200Z"],
    ["blind", "2026-11-22T12:00:01.200Z"],
    ["resolved", ALERT.at],
    ["readable", ALERT.at],
  ] as const)("%s ends at %s", (event, endsAt) => {
    expect(bodiesOf("alertmanager", alertWith([event]))).toMatchObject([
      [{ startsAt: "2026-11-20T08:17:42.000Z", endsAt }],
    ]);
  });

  test("lasts as long as the configuration says", () => {
    expect(bodiesOf("alertmanager", ALERT, { validForMs: 60_000 })).toMatchObject([
      [{ endsAt: "2026-11-22T08:01:01.200Z" }, { endsAt: ALERT.at }],
    ]);
  });

  test("starts now where nobody remembers since when it has been so", () => {
    const changes = ALERT.changes.map((change) => ({ ...change, sinceMs: null }));
    expect(bodiesOf("alertmanager", { ...ALERT, changes })).toMatchObject([
      [{ startsAt: ALERT.at }, { startsAt: ALERT.at, endsAt: ALERT.at }],
    ]);
  });

  test("ends a test after five minutes, and is sent no summary", () => {
    expect(bodiesOf("alertmanager", { ...ALERT, kind: "test" })).toMatchObject([
      [{ labels: { alertname: "FlowlogGuardTest" }, endsAt: "2026-11-22T08:05:01.200Z" }],
    ]);
    expect(bodiesOf("alertmanager", { ...ALERT, kind: "summary" })).toEqual([]);
  });
});

function labels(alert: unknown): unknown {
  return Object(alert)["labels"];
}
