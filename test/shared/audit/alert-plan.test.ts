import { describe, expect, test } from "vitest";

import { planWithoutState } from "../../../shared/audit/alert-plan.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import { reportWith } from "../../harness/report-with.ts";

const CHAT = { name: "chat" };

describe("without a state", () => {
  test.each<[readonly Status[], number, string]>([
    [[], 0, "ALL_WELL"],
    [["COMPLIANT"], 0, "ALL_WELL"],
    [["NOT_APPLICABLE", "IGNORED"], 0, "ALL_WELL"],
    [["INSUFFICIENT_DATA"], 0, "ONLY_UNREADABLE"],
    [["COMPLIANT", "INSUFFICIENT_DATA"], 0, "ONLY_UNREADABLE"],
    [["NON_COMPLIANT"], 1, "NON_COMPLIANT"],
    [["COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT"], 2, "NON_COMPLIANT"],
    [["NON_COMPLIANT", "INSUFFICIENT_DATA"], 1, "NON_COMPLIANT"],
  ])("%j → %i changes, %s", (statuses, count, reason) => {
    const plan = planWithoutState(reportWith(statuses), [CHAT]);
    expect(plan.reason).toBe(reason);
    expect(plan.news.get("chat") ?? []).toHaveLength(count);
    expect(plan.news.has("chat")).toBe(count > 0);
  });

  test("nobody to be told is a reason of its own", () => {
    const plan = planWithoutState(reportWith(["NON_COMPLIANT"]), []);
    expect(plan.reason).toBe("NO_RECEIVER_CONFIGURED");
  });
});
