import { expect, test } from "vitest";

import { invokeAudit } from "../../../shared/alibaba/fc.ts";
import { parseEndpoint } from "../../../shared/http/endpoint.ts";
import { readProxy } from "../../../shared/http/proxy-settings.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import {
  type FunctionComputeFault,
  startFunctionCompute,
} from "../../emulator/function-compute.ts";
import { startConnectProxy } from "../../harness/connect-proxy.ts";
import { DIRECT } from "../../harness/direct.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";

/** By default fc2 uses plain http, and would send the security token in clear. */
test("a function is invoked over TLS, at the account's address in its region", async () => {
  await using proxy = await startConnectProxy({ answer: 403 });
  using transport = createTransport(readProxy({ HTTPS_PROXY: proxy.host }).proxy);
  const budget = startTimeBudget(5_000, "TIMEOUT");
  const target = {
    credentials: { accessKeyId: "STS.k", accessKeySecret: "s", securityToken: "t" },
    accountId: "1234567890123456",
    regionId: "cn-hangzhou",
    functionName: "flowlog-guard-audit",
    endpoint: null,
    transport,
  };
  const host = "1234567890123456.cn-hangzhou.fc.aliyuncs.com:443";
  await expect(invokeAudit(target, {}, budget)).rejects.toMatchObject({
    name: "RemoteError",
    message: `The proxy ${proxy.host} refuses to connect to ${host} (HTTP 403). Allow the host there, or name it in NO_PROXY if it can be reached directly.`,
  });
  budget.release();
  expect(proxy.connects.map(({ target }) => target)).toEqual([host]);
});

test("a call to a function that never answers ends with its time", async () => {
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
    transport: DIRECT,
  };
  await expect(invokeAudit(target, {}, budget)).rejects.toMatchObject({
    name: "RemoteError",
    code: "TIMEOUT",
    message: "The function flowlog-guard-audit did not answer in time. (no answer)",
  });
  budget.release();
  expect(deployed.invocations).toHaveLength(1);
});

/** Function Compute with a function that answers null, and its address. */
async function startAnswering(fault?: FunctionComputeFault) {
  const key = { accessKeyId: "LTAI5tEmulatorKey", accessKeySecret: "s" };
  const accountId = "1234567890123456";
  const deployed = await startFunctionCompute({
    accountId,
    key,
    functions: { "flowlog-guard-audit": async () => ({ result: null, error: null }) },
    ...(fault !== undefined && { fault }),
  });
  const target = {
    credentials: key,
    accountId,
    regionId: "cn-hangzhou",
    functionName: "flowlog-guard-audit",
    endpoint: parseEndpoint(deployed.origin),
    transport: DIRECT,
  };
  return { target, [Symbol.asyncDispose]: () => deployed[Symbol.asyncDispose]() };
}

test.each<[what: string, fault: FunctionComputeFault, code: string]>([
  ["404", { status: 404, body: '{"ErrorCode":"FunctionNotFound"}' }, "NOT_FOUND"],
  ["403", { status: 403, body: '{"ErrorCode":"AccessDenied"}' }, "REFUSED"],
  ["a key that is refused", { status: 403, body: '{"ErrorCode":"InvalidAccessKeyID"}' }, "REFUSED"],
  ["429", { status: 429, body: '{"ErrorCode":"ResourceThrottled"}' }, "BUSY"],
  ["503", { status: 503, contentType: "text/html", body: "<html>" }, "BUSY"],
  ["500", { status: 500, body: '{"ErrorCode":"InternalServerError"}' }, "NO_ANSWER"],
  ["412", { status: 412, body: '{"ErrorCode":"FunctionNotStarted"}' }, "FAILED"],
  ["no JSON", { status: 200, body: "{" }, "FAILED"],
  [
    "an error of the function",
    { status: 200, headers: { "x-fc-error-type": "UnhandledInvocationError" }, body: "{}" },
    "FAILED",
  ],
])("the code of an error says what %s is", async (_what, fault, code) => {
  await using deployed = await startAnswering(fault);
  const budget = startTimeBudget(5_000, "TIMEOUT");
  const invoked = invokeAudit(deployed.target, {}, budget);
  await expect(invoked).rejects.toMatchObject({ name: "RemoteError", code });
  budget.release();
});

test("a connection that is lost is told from one that cannot be made", async () => {
  await using server = await startLoopbackServer(async (request) => {
    request.socket.destroy();
  });
  const budget = startTimeBudget(5_000, "TIMEOUT");
  const { target, ...deployed } = await startAnswering();
  await deployed[Symbol.asyncDispose]();
  const invokeAt = async (origin: string | null) =>
    invokeAudit({ ...target, ...(origin && { endpoint: parseEndpoint(origin) }) }, {}, budget);
  await expect(invokeAt(server.origin)).rejects.toMatchObject({ code: "NO_ANSWER" });
  await expect(invokeAt(null)).rejects.toMatchObject({ code: "FAILED" });
  budget.release();
});

test("the end of a run is a time-out too", async () => {
  await using deployed = await startAnswering();
  const run = startTimeBudget(5_000, "DEADLINE_EXCEEDED");
  run.cancel();
  const budget = startTimeBudget(5_000, "TIMEOUT", run);
  const invoked = invokeAudit(deployed.target, {}, budget);
  await expect(invoked).rejects.toMatchObject({ name: "RemoteError", code: "TIMEOUT" });
  for (const each of [budget, run]) each.release();
});

test.each([
  ["InvalidAccessKeyID", "The credentials were refused (HTTP 403, InvalidAccessKeyID)."],
  ["SignatureNotMatch", "The credentials were refused (HTTP 403, SignatureNotMatch)."],
  ["InvalidSecurityToken", "The credentials were refused (HTTP 403, InvalidSecurityToken)."],
  ["InvalidTimestamp", "The time of the request was refused (HTTP 403, InvalidTimestamp)."],
  ["UserDisabled", "The account was refused (HTTP 403, UserDisabled): it has overdue payments"],
  ["AccessDenied", "Access denied to flowlog-guard-audit in cn-hangzhou"],
])("the error %s is explained", async (ErrorCode, says) => {
  const key = { accessKeyId: "LTAI5tEmulatorKey", accessKeySecret: "s" };
  await using deployed = await startFunctionCompute({
    accountId: "1234567890123456",
    key,
    functions: { "flowlog-guard-audit": async () => ({ result: null, error: null }) },
    fault: { status: 403, body: JSON.stringify({ ErrorCode, ErrorMessage: "what was signed" }) },
  });
  using transport = createTransport(null);
  const budget = startTimeBudget(5_000, "TIMEOUT");
  const target = {
    credentials: key,
    accountId: "1234567890123456",
    regionId: "cn-hangzhou",
    functionName: "flowlog-guard-audit",
    transport,
    endpoint: parseEndpoint(deployed.origin),
  };
  const invoked = invokeAudit(target, {}, budget);
  await expect(invoked).rejects.toMatchObject({
    name: "RemoteError",
    message: expect.stringContaining(says),
  });
  await expect(invoked).rejects.not.toThrow("what was signed");
  budget.release();
});
