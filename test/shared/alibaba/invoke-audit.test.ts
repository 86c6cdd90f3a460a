import http from "node:http";
import https from "node:https";

import { afterEach, expect, test, vi } from "vitest";

import { invokeAudit } from "../../../shared/alibaba/invoke-audit.ts";
import { parseEndpoint } from "../../../shared/http/endpoint.ts";
import { startTimeBudget } from "../../../shared/time-budget.ts";
import { startFunctionCompute } from "../../emulator/function-compute.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** fc2 on its own speaks plain http, and would send the security token in clear. */
test("a function is invoked over TLS, at the account's address in its region", async () => {
  const asked: unknown[] = [];
  vi.spyOn(https, "request").mockImplementation((options: unknown) => {
    asked.push(options);
    throw Object.assign(new Error("there is no network in the tests"), { code: "ENETUNREACH" });
  });
  const plain = vi.spyOn(http, "request");
  const budget = startTimeBudget(5_000, "TIMEOUT");
  const target = {
    credentials: { accessKeyId: "STS.k", accessKeySecret: "s", securityToken: "t" },
    accountId: "1234567890123456",
    regionId: "cn-hangzhou",
    functionName: "flowlog-guard-audit",
    endpoint: null,
  };
  await expect(invokeAudit(target, {}, budget)).rejects.toMatchObject({ name: "RemoteError" });
  budget.release();
  expect(asked).toMatchObject([
    {
      host: "1234567890123456.cn-hangzhou.fc.aliyuncs.com",
      port: 443,
      path: "/2023-03-30/functions/flowlog-guard-audit/invocations",
      headers: { "x-fc-security-token": "t" },
    },
  ]);
  expect(plain).not.toHaveBeenCalled();
});

test("a function that never answers is given up when the time is over", async () => {
  const key = { accessKeyId: "LTAI5tEmulatorKey", accessKeySecret: "s" };
  await using deployed = await startFunctionCompute({
    accountId: "1234567890123456",
    key,
    functions: { "flowlog-guard-audit": async () => ({ result: null, error: null }) },
    fault: "hang",
  });
  const budget = startTimeBudget(200, "TIMEOUT");
  const target = {
    credentials: key,
    accountId: "1234567890123456",
    regionId: "cn-hangzhou",
    functionName: "flowlog-guard-audit",
    endpoint: parseEndpoint(deployed.origin),
  };
  await expect(invokeAudit(target, {}, budget)).rejects.toMatchObject({
    name: "RemoteError",
    message: "The function flowlog-guard-audit did not answer in time. (no answer)",
  });
  budget.release();
  expect(deployed.invocations).toHaveLength(1);
});
