import { describe, expect, test } from "vitest";

import type { AlibabaCloud } from "../../../shared/alibaba/alibaba-cloud.ts";
import type { CallLimit } from "../../../shared/audit/cloud.ts";
import type { FailureCode } from "../../../shared/audit/finding.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { askCloud } from "../../harness/ask-cloud.ts";

type Call = (cloud: AlibabaCloud, limit: CallLimit) => Promise<unknown>;

/** The calls of rules about resources, with their RAM actions. */
const CALLS: readonly (readonly [action: string, ramAction: string, call: Call])[] = [
  ["DescribeVpcs", "vpc:DescribeVpcs", async (cloud, limit) => cloud.listVpcs("cn-a", 1, limit)],
  [
    "DescribeFlowLogs",
    "vpc:DescribeFlowLogs",
    async (cloud, limit) => cloud.listFlowLogs("cn-a", 1, limit),
  ],
  [
    "DescribeNetworkInterfaces",
    "ecs:DescribeNetworkInterfaces",
    async (cloud, limit) => cloud.listNetworkInterfaces("cn-a", null, limit),
  ],
  [
    "GetLogStore",
    "log:GetLogStore",
    async (cloud, limit) => cloud.getLogStore("cn-a", "flow-logs", "vpc", limit),
  ],
];

const FAULTS: readonly (readonly [fault: Fault, code: FailureCode, retryable: string])[] = [
  [{ kind: "denied" }, "ACCESS_DENIED", "never"],
  [{ kind: "throttled" }, "THROTTLED", "always"],
  [{ kind: "html-503" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "json-500" }, "SERVICE_ERROR", "always"],
  [{ kind: "truncated-json" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "empty-object" }, "MALFORMED_RESPONSE", "never"],
  [{ kind: "redirect" }, "MALFORMED_RESPONSE", "never"],
  [{ kind: "endless" }, "MALFORMED_RESPONSE", "never"],
  [{ kind: "reset" }, "UNREACHABLE", "always"],
];

describe.each(CALLS)("%s", (action, ramAction, call) => {
  async function startCloud(fault?: Fault) {
    return startEmulator({
      regions: {
        "cn-a": {
          activated: true,
          logStores: { "flow-logs/vpc": 7 },
          ...(fault !== undefined && { faults: { [action]: fault } }),
        },
      },
    });
  }

  test.each(FAULTS)("%o → %s, after one attempt", async (fault, code, retryable) => {
    await using emulator = await startCloud(fault);
    await expect(askCloud(emulator, call)).rejects.toMatchObject({
      name: "CallError",
      code,
      retryable,
      exchange: { endpoint: new URL(emulator.endpoint).host },
    });
    expect(emulator.requests).toMatchObject([{ action, regionId: "cn-a" }]);
  });

  test("names the RAM action that is missing", async () => {
    await using emulator = await startCloud({ kind: "denied" });
    await expect(askCloud(emulator, call)).rejects.toThrow(`Allow the RAM action ${ramAction} to`);
  });

  test("a fault is injected as often as it is seeded", async () => {
    await using emulator = await startCloud({ kind: "json-500", times: 2 });
    await expect(askCloud(emulator, call)).rejects.toMatchObject({ code: "SERVICE_ERROR" });
    await expect(askCloud(emulator, call)).rejects.toMatchObject({ code: "SERVICE_ERROR" });
    await expect(askCloud(emulator, call)).resolves.toMatchObject({
      exchange: { httpStatus: 200 },
    });
  });

  test("a wrong secret is refused", async () => {
    await using emulator = await startCloud();
    const accessKeyId = String(emulator.world.keys[0]?.accessKeyId);
    const options = { credentials: { accessKeyId, accessKeySecret: "wrong" } };
    await expect(askCloud(emulator, call, options)).rejects.toMatchObject({
      code: "CREDENTIALS_INVALID",
    });
  });

  test("never shows what the server echoes", async () => {
    await using emulator = await startCloud({ kind: "echo", status: 400, form: "json" });
    const error: unknown = await askCloud(emulator, call).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([String(error), error])).not.toContain("authorization");
  });
});
