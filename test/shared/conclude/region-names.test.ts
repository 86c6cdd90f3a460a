import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import { nameRegions, type RegionNames } from "../../../shared/conclude/region-names.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import { inRealRegion } from "../../harness/real-regions.ts";
import { reportWith } from "../../harness/report-with.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const { changes } = alertWith(["opened"], { edit: inRealRegion });

function slackAt(url: string) {
  const [slack] = createReceivers([{ type: "slack", url }], DIRECT);
  if (slack === undefined) throw new Error("there is a receiver");
  return slack;
}

describe("names that cannot be read", () => {
  test.each([
    ["are refused", () => Promise.reject(new Error("refused"))],
    [
      "fail at once",
      () => {
        throw new TypeError("a fault of ours");
      },
    ],
  ] as const)("because they %s cost the names, and not the alert", async (_why, ask) => {
    await using catcher = await startWebhookCatcher([{ status: 200, body: "ok" }]);
    const report = reportWith(["NON_COMPLIANT"]);
    const named: Report = { ...report, findings: report.findings.map(inRealRegion) };
    const outcome = await raiseAlert(named, [slackAt(catcher.url)], {
      loadCards: loadRules,
      policy: { repeatAfterMs: 1, unreadableAfter: 1, summaryEveryMs: null },
      store: null,
      regionNames: { language: "zh", ask },
      clock: () => new Date(),
    });
    expect(outcome.deliveries).toMatchObject([{ status: "delivered" }]);
    expect(catcher.messages[0]?.body).toContain("Not activated: cn-heyuan");
    expect(catcher.messages[0]?.body).not.toContain("河源");
  });
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    [25_000, 2_500],
    [600_000, 3_000],
  ])("of %i ms for the delivery, names have %i", async (deliveryMs, namesMs) => {
    const within = startTimeBudget(deliveryMs, "TIMEOUT");
    const names: RegionNames = {
      language: "zh",
      ask: (_language, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    };
    const startedMs = performance.now();
    const named = nameRegions(names, within)(slackAt("https://127.0.0.1/x"), changes);
    await vi.advanceTimersByTimeAsync(namesMs + 1);
    expect(await named).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(namesMs + 100);
    within.release();
    expect(vi.getTimerCount()).toBe(0);
  });
});
