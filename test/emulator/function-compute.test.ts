import { describe, expect, test } from "vitest";

import { invokeAudit } from "../../shared/alibaba/fc.ts";
import { parseEndpoint } from "../../shared/http/endpoint.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import {
  FUNCTION_FAULTS,
  type FunctionComputeSeed,
  startFunctionCompute,
} from "./function-compute.ts";

const SEED: FunctionComputeSeed = {
  accountId: "1234567890123456",
  key: { accessKeyId: "LTAI5tEmulatorKey", accessKeySecret: "s" },
  functions: {
    double: async (event, { name }) => ({
      result: { name, twice: JSON.parse(event).number * 2 },
      error: null,
    }),
    other: async () => FUNCTION_FAULTS.busy,
  },
};

/** Invokes a function with fc2's signature. */
async function invoke(overrides: Partial<FunctionComputeSeed>, functionName: string, number = 1) {
  await using deployed = await startFunctionCompute({ ...SEED, ...overrides });
  using transport = createTransport(null);
  const budget = startTimeBudget(5_000, "TIMEOUT");
  const target = {
    credentials: SEED.key,
    accountId: SEED.accountId,
    regionId: "cn-hangzhou",
    functionName,
    endpoint: parseEndpoint(deployed.origin),
    transport,
  };
  try {
    const result = await invokeAudit(target, { number }, budget).catch((error: Error) => error);
    return { result, calls: deployed.calls };
  } finally {
    budget.release();
  }
}

describe("the emulated Function Compute", () => {
  test("runs functions, each with its event", async () => {
    const { result, calls } = await invoke({}, "double", 21);
    expect(result).toEqual({ name: "double", twice: 42 });
    expect(calls).toMatchObject([{ name: "double", event: '{"number":21}', index: 0 }]);
  });

  test("lets a function answer with a fault, and has no others", async () => {
    expect((await invoke({}, "other")).result).toMatchObject({ name: "RemoteError" });
    expect((await invoke({}, "missing")).calls).toEqual([]);
  });

  test.each(Object.entries(FUNCTION_FAULTS))("fails where it shall: %s", async (_name, fault) => {
    const { result, calls } = await invoke({ fault: () => fault }, "double");
    expect(Object(result)).not.toHaveProperty("twice");
    expect(calls).toHaveLength(1);
  });

  test("fails for the calls that are chosen", async () => {
    const fault: FunctionComputeSeed["fault"] = ({ index }) => (index > 0 ? "reset" : undefined);
    expect((await invoke({ fault }, "double")).result).toMatchObject({ twice: 2 });
  });
});
