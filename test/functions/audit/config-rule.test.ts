import { describe, expect, test } from "vitest";

import type { ConfigRuleAnswer } from "../../../functions/audit/config-rule/answer-config-rule.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import {
  configEvent,
  type ConfigEventOverrides,
  ORDERING_TIMESTAMP,
  RESULT_TOKEN,
} from "../../harness/config-event.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";

const ACCOUNT = "1234567890123456";
const COMPLIANT: RegionSeed = { activated: true };
const NON_COMPLIANT: RegionSeed = { activated: false };
const UNREADABLE: RegionSeed = { activated: true, fault: { kind: "denied" } };

/** Invokes the built audit function as Cloud Config does, and expects no part of the token in any output. */
async function invoke(
  emulator: Emulator,
  event: ConfigEventOverrides = {},
  env: Readonly<Record<string, string>> = {},
) {
  const invocation = await invokeAudit<ConfigRuleAnswer>(
    configEvent(event),
    functionContext(emulator),
    { ...functionEnv(emulator), ...env },
  );
  const { result, error, output } = invocation;
  const shown = JSON.stringify({ result, error }) + output;
  expect(shown).not.toContain(RESULT_TOKEN.slice(0, 12));
  expect(shown).not.toContain(encodeURIComponent(RESULT_TOKEN).slice(-12));
  return invocation;
}

describe("an event about the account", () => {
  test("is answered with one result, made of all regions", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": COMPLIANT, "cn-b": NON_COMPLIANT, "cn-c": COMPLIANT },
    });
    const { result, error, log } = await invoke(emulator);
    expect(error).toBeNull();
    const evaluation = {
      accountId: 1_234_567_890_123_456,
      complianceResourceId: ACCOUNT,
      complianceResourceName: "prod",
      complianceResourceType: "ACS::::Account",
      complianceRegionId: "global",
      complianceType: "NON_COMPLIANT",
      annotation: "flow-log-service-activated. Not compliant: cn-b. Compliant: 2 regions.",
      orderingTimestamp: ORDERING_TIMESTAMP,
    };
    expect(emulator.compliance.calls).toEqual([{ evaluations: [evaluation], deleteMode: true }]);
    expect(emulator.requests.find(({ action }) => action === "PutEvaluations")?.form).toEqual({
      ResultToken: RESULT_TOKEN,
      DeleteMode: "true",
      Evaluations: JSON.stringify([evaluation]),
    });
    expect(result).toMatchObject({ deleteMode: true, evaluations: [{ accountId: ACCOUNT }] });
    expect(log).toEqual([
      expect.objectContaining({
        level: "info",
        event: "run",
        trigger: "event",
        outcome: "done",
        summary: expect.objectContaining({ total: 3, nonCompliant: 1 }),
        configRule: {
          messageType: "ScheduledNotification",
          ruleId: "flow-log-service-activated",
          accountId: ACCOUNT,
          resourceType: "ACS::::Account",
          resourceId: ACCOUNT,
          regionId: "global",
          sent: 1,
          deleteMode: true,
        },
      }),
    ]);
  });

  test("is never answered with COMPLIANT where a region could not be read, and throws", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": COMPLIANT, "cn-b": UNREADABLE },
    });
    const { error, log } = await invoke(emulator);
    expect(emulator.compliance.calls).toEqual([]);
    expect(error).toMatchObject({ name: "EvaluationError" });
    expect(error?.message).toMatch(
      /^Nothing was sent to Cloud Config, because this could not be read: cn-b\. ACCESS_DENIED: /,
    );
    expect(log).toMatchObject([
      { level: "error", outcome: "failed", configRule: { sent: 0, deleteMode: false } },
    ]);
  });
});
