import http from "node:http";
import https from "node:https";

import { afterEach, expect, test, vi } from "vitest";

import { invokeAudit } from "../../../shared/alibaba/invoke-audit.ts";
import { startTimeBudget } from "../../../shared/time-budget.ts";

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
