import { describe, expect, test } from "vitest";

import { readProxy } from "../../../shared/http/proxy-settings.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { askCloud, type AskOptions } from "../../harness/ask-cloud.ts";
import { startConnectProxy } from "../../harness/connect-proxy.ts";
import { NO_ENDPOINTS } from "../../harness/endpoints-at.ts";

async function startLogService(fault?: Fault): Promise<Emulator> {
  return startEmulator({
    regions: {
      "cn-a": {
        activated: true,
        logStores: { "flow-logs/vpc": 180, "flow-logs/for_ever": 3_650 },
        ...(fault !== undefined && { faults: { GetLogStore: fault } }),
      },
      "cn-b": { activated: true, logStores: { "other-logs/vpc": 7 } },
    },
  });
}

async function getLogStore(
  emulator: Emulator,
  projectName = "flow-logs",
  logStoreName = "vpc",
  options: AskOptions = {},
) {
  return askCloud(
    emulator,
    async (cloud, limit) => cloud.getLogStore("cn-a", projectName, logStoreName, limit),
    options,
  );
}

describe("a log store", () => {
  test("is read from the host of its project, whichever address is connected to", async () => {
    await using emulator = await startLogService();
    const { value, exchange } = await getLogStore(emulator);
    expect(value).toMatchObject({ ttlDays: 180, settings: { shardCount: 2, mode: "standard" } });
    expect(exchange).toEqual({
      requestId: expect.stringMatching(/^[\dA-F]{24}$/),
      endpoint: new URL(emulator.endpoint).host,
      httpStatus: 200,
    });
    expect(emulator.requests).toEqual([
      {
        action: "GetLogStore",
        regionId: "cn-a",
        host: "flow-logs.cn-a.log.aliyuncs.com",
        path: "/logstores/vpc",
        userAgent: "flowlog-guard/test",
        accessKeyId: emulator.world.keys[0]?.accessKeyId,
        clientToken: null,
        query: {},
        form: {},
      },
    ]);
  });

  test.each([
    ['"mode":"query","hot_ttl":7,"createTime":1', 4],
    ['"encrypt_conf":null,"telemetryType":"None","processorId":""', 4],
    ['"encrypt_conf":{"enable":true}', undefined],
    ['"telemetryType":"Metrics"', undefined],
    ['"laterSetting":true', undefined],
    ['"mode":"$(id)"', undefined],
    ['"autoSplit":"yes"', undefined],
  ])("with %s: of the other settings, the number of shards is %j", async (fields, shardCount) => {
    const text = `{"ttl":30,"shardCount":4,${fields}}`;
    await using emulator = await startLogService({ kind: "body", status: 200, text });
    const { value } = await getLogStore(emulator);
    if (typeof value === "string") throw new Error(value);
    expect(value.ttlDays).toBe(30);
    expect(value.settings?.shardCount).toBe(shardCount);
  });

  test.each([
    ['{"ttl":30}', 30],
    ['{"ttl":"365"}', 365],
    ['{"ttl":1,"hot_ttl":1}', 1],
  ])("%s: kept for %i days", async (text, ttlDays) => {
    await using emulator = await startLogService({ kind: "body", status: 200, text });
    expect((await getLogStore(emulator)).value).toMatchObject({ ttlDays });
  });

  test.each([
    ["flow-logs", "none", "no-log-store"],
    ["no-such-project", "vpc", "no-project"],
    // In another region.
    ["other-logs", "vpc", "no-project"],
  ])("%s/%s is not there: %s", async (projectName, logStoreName, missing) => {
    await using emulator = await startLogService();
    const { value, exchange } = await getLogStore(emulator, projectName, logStoreName);
    expect(value).toBe(missing);
    expect(exchange).toMatchObject({ httpStatus: 404, requestId: expect.any(String) });
  });

  test.each([
    ["a.evil.example#", "vpc"],
    ["UPPER", "vpc"],
    ["ab", "vpc"],
    ["flow-logs", "../vpc"],
    ["flow-logs", "v?x=1"],
    ["flow-logs", "v\r\nhost: x"],
    ["flow-logs", ""],
  ])("%j/%j is asked nowhere", async (projectName, logStoreName) => {
    await using emulator = await startLogService();
    await expect(getLogStore(emulator, projectName, logStoreName)).rejects.toMatchObject({
      name: "CallError",
      code: "MALFORMED_RESPONSE",
      exchange: { endpoint: null },
    });
    expect(emulator.requests).toEqual([]);
  });

  test("is read with temporary credentials", async () => {
    const key = { accessKeyId: "STS.Key", accessKeySecret: "secret", securityToken: "token" };
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true, logStores: { "flow-logs/vpc": 7 } } },
      keys: [key],
    });
    expect((await getLogStore(emulator)).value).toMatchObject({ ttlDays: 7 });
    const { securityToken: _token, ...credentials } = key;
    await expect(getLogStore(emulator, "flow-logs", "vpc", { credentials })).rejects.toMatchObject({
      code: "CREDENTIALS_INVALID",
    });
  });

  test("is read over TLS and through the proxy", async () => {
    await using proxy = await startConnectProxy({ answer: 403 });
    await using emulator = await startLogService();
    using transport = createTransport(readProxy({ HTTPS_PROXY: proxy.host }).proxy);
    const options = { transport, endpoints: NO_ENDPOINTS };
    await expect(getLogStore(emulator, "flow-logs", "vpc", options)).rejects.toMatchObject({
      code: "UNREACHABLE",
    });
    expect(proxy.connects.map(({ target }) => target)).toEqual([
      "flow-logs.cn-a.log.aliyuncs.com:443",
    ]);
  });
});

describe("an answer that is not the service's is malformed", () => {
  test.each<[text: string, status: number, retryable: string]>([
    ["", 200, "always"],
    ["<html>Log in first.</html>", 200, "always"],
    ['{"ttl":18', 200, "always"],
    ["null", 200, "never"],
    ["[]", 200, "never"],
    ["{}", 200, "never"],
    ['{"ttl":null}', 200, "never"],
    ['{"ttl":0}', 200, "never"],
    ['{"ttl":-1}', 200, "never"],
    ['{"ttl":1.5}', 200, "never"],
    ['{"ttl":"for ever"}', 200, "never"],
    ['{"logstoreName":"another","ttl":180}', 200, "never"],
    ['{"ttl":180}', 202, "never"],
    ['{"ttl":180}', 302, "never"],
    ["<html>", 302, "always"],
    ["<html>", 404, "always"],
    ["null", 404, "always"],
    ['"busy"', 503, "always"],
  ])("%j with HTTP %i", async (text, status, retryable) => {
    await using emulator = await startLogService({ kind: "body", status, text });
    await expect(getLogStore(emulator)).rejects.toMatchObject({
      code: "MALFORMED_RESPONSE",
      retryable,
      exchange: { httpStatus: status },
    });
  });
});

describe("an error of the service", () => {
  test.each([
    [401, "Unauthorized", "denied by sts or ram, action: log:GetLogStore", "ACCESS_DENIED"],
    [401, "Unauthorized", "The project does not belong to you.", "ACCESS_DENIED"],
    [401, "Unauthorized", "The security token you provided has expired.", "CREDENTIALS_INVALID"],
    [401, "Unauthorized", "AccessKeyId is disabled: LTAI", "CREDENTIALS_INVALID"],
    [401, "Unauthorized", "Your SLS service has been forbidden.", "SERVICE_ERROR"],
    [403, "Forbidden.RAM", "", "ACCESS_DENIED"],
    [403, "SomethingElse", "", "ACCESS_DENIED"],
    [403, "ProjectForbidden", "", "SERVICE_ERROR"],
    [401, "InvalidAccessKeyId", "The access key id is invalid", "CREDENTIALS_INVALID"],
    [401, "InvalidAccessKeyId", "Your SLS service has not opened.", "SERVICE_ERROR"],
    [401, "SignatureNotMatch", "", "CREDENTIALS_INVALID"],
    [400, "RequestTimeExpired", "", "CREDENTIALS_INVALID"],
    [400, "RequestTimeTooSkewed", "", "CREDENTIALS_INVALID"],
    [403, "ReadQuotaExceed", "", "THROTTLED"],
    [403, "MetaOperationQpsLimitExceeded", "", "THROTTLED"],
    [429, "TooManyRequests", "", "THROTTLED"],
    [500, "InternalServerError", "", "SERVICE_ERROR"],
    [503, "ServerBusy", "", "SERVICE_ERROR"],
    [404, "SomethingElse", "", "SERVICE_ERROR"],
    [400, "LogStoreNotExist", "", "SERVICE_ERROR"],
  ])("HTTP %i %s %j is %s", async (status, errorCode, errorMessage, code) => {
    const text = JSON.stringify({ errorCode, errorMessage });
    await using emulator = await startLogService({ kind: "body", status, text });
    const failed = getLogStore(emulator);
    await expect(failed).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`(HTTP ${status}, ${errorCode})`),
      exchange: { httpStatus: status },
    });
  });

  test("names the RAM action that is missing, and the request", async () => {
    await using emulator = await startLogService({ kind: "denied" });
    await expect(getLogStore(emulator)).rejects.toMatchObject({
      message:
        "Access denied (HTTP 401, Unauthorized). Allow the RAM action log:GetLogStore to the identity that runs the audit.",
      exchange: { requestId: expect.stringMatching(/^[\dA-F]{24}$/) },
    });
  });

  test("is never quoted: a server's text may hold keys", async () => {
    const text = JSON.stringify({ errorCode: "Unauthorized", errorMessage: "secret-9e" });
    await using emulator = await startLogService({ kind: "body", status: 401, text });
    const error: unknown = await getLogStore(emulator).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([String(error), error])).not.toContain("secret-9e");
  });

  test("without a code has none made up", async () => {
    await using emulator = await startLogService({ kind: "body", status: 502, text: "{}" });
    await expect(getLogStore(emulator)).rejects.toMatchObject({
      code: "SERVICE_ERROR",
      retryable: "always",
      message: expect.stringContaining("(HTTP 502, no code)"),
    });
  });

  test("tells where the log service is not activated", async () => {
    const text = JSON.stringify({
      errorCode: "InvalidAccessKeyId",
      errorMessage: "Your SLS service has not opened.",
    });
    await using emulator = await startLogService({ kind: "body", status: 401, text });
    await expect(getLogStore(emulator)).rejects.toThrow(
      "The log service is not activated in this account (HTTP 401, InvalidAccessKeyId). Activate it in its console.",
    );
  });
});
