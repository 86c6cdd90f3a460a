import { expect, test } from "vitest";

import { AlibabaTrail } from "../../../shared/alibaba/action-trail.ts";
import { askTrail } from "../../../shared/history/trail/ask-trail.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { cloudOptions } from "../../harness/cloud-options.ts";

test("ActionTrail is asked as often as it allows, and no more", async () => {
  await using emulator = await startEmulator({ regions: {}, lookUpsPerSecond: 2 });
  using transport = createTransport(null);
  const trail = new AlibabaTrail(cloudOptions(emulator, transport));
  const deadline = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
  const times = { fromMs: Date.now() - 86_400_000, toMs: Date.now() };
  const startedMs = performance.now();
  const { failures } = await askTrail(trail, ["cn-a", "cn-b", "cn-c"], times, { deadline });
  deadline.release();
  expect(failures).toEqual([]);
  expect(emulator.counts.throttled.size).toBe(0);
  expect(emulator.requests).toHaveLength(18);
  expect(performance.now() - startedMs).toBeLessThan(14_000);
});
