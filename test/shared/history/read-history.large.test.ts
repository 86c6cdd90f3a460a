import { expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { readHistory } from "../../../shared/history/read-history.ts";
import { dayOf } from "../../../shared/history/utc-day.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { archiveOf, keptFiles, runAt } from "../../harness/evidence-runs.ts";
import { reportWith } from "../../harness/report-with.ts";

const HOUR_MS = 3_600_000;
const BEGIN = Date.UTC(2026, 0, 1);

/** A run an hour, each of thirty regions. */
function hourlyRuns(count: number): Report[] {
  const report = reportWith(Array.from({ length: 30 }, () => "COMPLIANT"));
  return Array.from({ length: count }, (_, hour) =>
    runAt(report, new Date(BEGIN + hour * HOUR_MS).toISOString()),
  );
}

test("the hourly runs of a season are read in seconds", async () => {
  const [count, rules] = [3_000, await loadRules(RULE_IDS)];
  const archive = archiveOf(keptFiles(hourlyRuns(count)));
  const window = { from: null, to: dayOf(BEGIN + count * HOUR_MS) - 1, isOpen: false };
  const startedMs = performance.now();
  const { runs, subjects } = await readHistory(archive, rules, window);
  const tookMs = performance.now() - startedMs;
  expect([runs.used, runs.unusable, subjects.length]).toEqual([count, [], 30]);
  expect(subjects[0]?.days).toEqual({ total: 125, covered: 125, compliant: 125 });
  expect(tookMs).toBeLessThan(30_000);
});
