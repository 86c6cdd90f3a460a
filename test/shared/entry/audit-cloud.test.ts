import { expect, test } from "vitest";

import { DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import { auditCloud } from "../../../shared/entry/audit-cloud.ts";
import { parseEndpoint } from "../../../shared/http/endpoint.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import type { ReceiverOptions } from "../../../shared/notify/receivers.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { startEmulator } from "../../emulator/emulator.ts";

test.each<[string, ReceiverOptions[], string]>([
  ["English where no receiver has a language", [], "China (Hangzhou)"],
  [
    "Chinese for a receiver that is written to in Chinese by default",
    [{ type: "dingtalk", url: "https://oapi.dingtalk.com/robot/send?access_token=x" }],
    "华东1（杭州）",
  ],
  [
    "Chinese where one of several reads it",
    [
      { type: "slack", url: "https://hooks.slack.com/services/x" },
      { type: "slack", url: "https://hooks.slack.com/services/y", language: "zh" },
    ],
    "华东1（杭州）",
  ],
  [
    "English where that is configured",
    [{ type: "wecom", url: "https://qyapi.weixin.qq.com/x", language: "en" }],
    "China (Hangzhou)",
  ],
])("names regions in %s", async (_what, receivers, name) => {
  await using emulator = await startEmulator({
    regions: {
      "cn-hangzhou": {
        activated: true,
        localName: "China (Hangzhou)",
        chineseName: "华东1（杭州）",
      },
    },
  });
  const endpoint = parseEndpoint(emulator.endpoint);
  const [credentials] = emulator.world.keys;
  if (endpoint === null || credentials === undefined) throw new Error("an emulator has both");
  const deadline = startTimeBudget(10_000, "DEADLINE_EXCEEDED");
  using transport = createTransport(null);
  const { findings } = await auditCloud(
    {
      ...DEFAULT_CONFIG,
      alerts: { ...DEFAULT_CONFIG.alerts, receivers },
      endpoints: { ...DEFAULT_CONFIG.endpoints, vpc: { "*": endpoint }, sts: endpoint },
    },
    {
      credentials,
      runId: "0f8d2c1e-aaaa-4bbb-8ccc-1234567890ab",
      trigger: "cli",
      caller: null,
      homeRegionId: "cn-hangzhou",
      transport,
      deadline,
    },
    { clock: () => new Date() },
  );
  deadline.release();
  expect(findings).toMatchObject([{ regionId: "cn-hangzhou", localName: name }]);
});
