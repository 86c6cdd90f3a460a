import { describe, expect, test } from "vitest";

import { readHttpRequest } from "../../../functions/audit/http-request.ts";
import type { HttpResponse } from "../../../functions/audit/http-response.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { FORMAT_NAMES, formatOf } from "../../../shared/report/formats.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const REGIONS: Readonly<Record<string, RegionSeed>> = {
  "cn-a": { activated: true },
  "cn-b": { activated: false },
  "cn-c": { activated: true, fault: { kind: "denied" } },
};

interface Http {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean | null;
  readonly accept?: string;
}

/** An HTTP trigger's event as the runtime gives it. */
function httpEvent({
  method = "GET",
  query = {},
  body = "",
  isBase64Encoded = false,
  accept,
}: Http): string {
  return JSON.stringify({
    version: "v1",
    rawPath: "/",
    headers: { "User-Agent": "curl/8", "Content-Type": "application/json", Accept: accept },
    queryParameters: query,
    body,
    isBase64Encoded,
    requestContext: {
      accountId: "1234567890123456",
      http: { method, path: "/", protocol: "HTTP/1.1", sourceIp: "10.0.0.1", userAgent: "curl/8" },
      requestId: "1-http",
    },
  });
}

async function request(emulator: Emulator, http: Http, env: Record<string, string> = {}) {
  const invocation = await invokeAudit<HttpResponse>(httpEvent(http), functionContext(emulator), {
    ...functionEnv(emulator),
    ...env,
  });
  if (invocation.result === null) throw new Error("an HTTP request is always answered");
  return { ...invocation.result, log: invocation.log, output: invocation.output };
}

describe("an event by hand", () => {
  test.each(["", "{}", '{"regions":["cn-a","cn-b","cn-c"]}'])(
    "%j gives the report",
    async (event) => {
      await using emulator = await startEmulator({ regions: REGIONS });
      const { result, log } = await invokeAudit<Report>(
        event,
        functionContext(emulator),
        functionEnv(emulator),
      );
      expect(result).toMatchObject({
        schemaVersion: 1,
        trigger: "event",
        caller: { accountId: emulator.world.accountId, arn: null },
        summary: { total: 3, compliant: 1, nonCompliant: 1, insufficientData: 1 },
      });
      expect(log).toMatchObject([{ event: "run", outcome: "done", runId: result?.runId }]);
    },
  );

  test("never alerts, whatever is configured", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: REGIONS });
    const env = { ...functionEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    await invokeAudit("", functionContext(emulator), env);
    expect(catcher.messages).toEqual([]);
  });

  test.each([
    ["7", "ConfigError"],
    ['{"region":"cn-a"}', "ConfigError"],
    ['{"triggerName":"x","triggerTime":"t","payload":""}', "ConfigError"],
    ['{"regions":["us-*"]}', "ScopeError"],
    // It resembles a request, but is none, so no client would read an HTTP status.
    ['{"requestContext":{}}', "ConfigError"],
    ['{"requestContext":{"http":{"path":"/"}}}', "ConfigError"],
  ])("%s throws %s", async (event, name) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { error, log } = await invokeAudit(
      event,
      functionContext(emulator),
      functionEnv(emulator),
    );
    expect(error?.name).toBe(name);
    expect(log).toMatchObject([
      { level: "warn", event: "run", outcome: "failed", error: name, message: error?.message },
    ]);
  });

  test("without a role throws", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { credentials: _role, ...context } = functionContext(emulator);
    const { error, log } = await invokeAudit("", context, functionEnv(emulator));
    expect(error?.name).toBe("CredentialsError");
    expect(log).toMatchObject([{ level: "error", outcome: "failed", error: "CredentialsError" }]);
  });
});

describe("an HTTP request that runs an audit is answered with 200, whatever the findings", () => {
  test.each<Http>([
    {},
    { query: { format: "json" } },
    { method: "POST" },
    { method: "post", body: "{}" },
    { method: "POST", body: Buffer.from("{}").toString("base64"), isBase64Encoded: true },
    { method: "POST", body: " ".repeat(65_536) },
    { body: null, isBase64Encoded: null, query: null },
  ])("%.80j gives the report as JSON", async (http) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { statusCode, headers, body, isBase64Encoded } = await request(emulator, http);
    expect({ statusCode, isBase64Encoded }).toEqual({ statusCode: 200, isBase64Encoded: false });
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(JSON.parse(body)).toMatchObject({ trigger: "http", summary: { total: 3 } });
  });

  test.each<Http>([
    { query: { regions: "cn-b" } },
    { method: "POST", query: { regions: "cn-b,!cn-c,!cn-a" } },
    { method: "POST", body: '{"regions":["cn-b"]}' },
  ])("%j narrows the scope", async (http) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { body } = await request(emulator, http);
    expect((JSON.parse(body) as Report).scope.regions).toEqual(["cn-b"]);
  });

  test.each<Http>([
    { query: { rules: "flow-log-service-activated" } },
    { method: "POST", body: '{"rules":["flow-log-service-activated"]}' },
  ])("%j chooses the rules", async (http) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { body } = await request(emulator, http, { FLOWLOG_GUARD_RULES: "flow-log-retention" });
    expect((JSON.parse(body) as Report).rules).toMatchObject([
      { id: "flow-log-service-activated" },
    ]);
  });

  test("the table is plain text", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { headers, body } = await request(emulator, { query: { format: "table" } });
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(body).toContain("✖ NON_COMPLIANT       cn-b");
    expect(body).toMatch(/\nNot asked: .* Ask with rules=all\.\n$/);
  });

  test("?language=zh is answered in Chinese", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { statusCode, body } = await request(emulator, {
      query: { format: "table", language: "zh" },
    });
    expect(statusCode).toBe(200);
    expect(body).toContain("3 个地域：合规 1，不合规 1，无法读取 1");
    expect(body).toContain("如需检查，请使用 rules=all。");
  });

  test.each(FORMAT_NAMES)("?format=%s is answered in that format", async (format) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { statusCode, headers, body } = await request(emulator, { query: { format } });
    const { contentType, extension } = formatOf(format);
    expect({ statusCode, headers }).toMatchObject({
      statusCode: 200,
      headers: {
        "content-type": contentType,
        "content-disposition": expect.stringMatching(
          new RegExp(`^inline; filename="flowlog-guard-\\d{4}-\\d\\d-\\d\\d\\.${extension}"$`),
        ),
        vary: "accept",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      },
    });
    for (const region of Object.keys(REGIONS)) expect(body).toContain(region);
  });

  test("a browser gets the page, which nothing may frame, and another format where it names one", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const { headers, body } = await request(emulator, { accept });
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": expect.stringMatching(/^frame-ancestors 'none';/),
    });
    expect(body).toMatch(/^<!doctype html>/i);
    const named = await request(emulator, { accept, query: { format: "json" } });
    expect(named.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(named.headers["content-security-policy"]).toBeUndefined();
    const program = await request(emulator, { accept: "application/json, text/plain, */*" });
    expect(program.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  test("also when no region could be read", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { statusCode, body } = await request(emulator, { query: { regions: "cn-c" } });
    expect(statusCode).toBe(200);
    expect((JSON.parse(body) as Report).summary.insufficientData).toBe(1);
  });
});

describe("an HTTP request that cannot be answered with an audit", () => {
  test.each<[Http, number, string]>([
    [{ query: { region: "cn-a" } }, 400, "query.region: is not known"],
    [{ query: { rules: "vpc" } }, 400, 'query.rules[0]: \\"vpc\\" is not a rule'],
    [{ query: { format: "xml" } }, 400, "query.format: must be one of table, "],
    [{ query: { format: "html", language: "fr" } }, 400, "query.language: must be one of en, zh."],
    [{ query: { language: "zh" } }, 400, "query.language: a report in the format json is the same"],
    [{ query: { regions: "" } }, 400, "query.regions: is empty"],
    [{ query: { regions: "CN-A" } }, 400, 'query.regions[0]: \\"CN-A\\" is not a region'],
    [{ method: "POST", body: "{" }, 400, "body: is not JSON"],
    [{ method: "POST", body: "[]" }, 400, "body: is not an object"],
    [{ method: "POST", body: '{"alerts":{}}' }, 400, "body.alerts: is not a known key"],
    [
      { method: "POST", query: { regions: "cn-a" }, body: '{"regions":["cn-b"]}' },
      400,
      "write them once",
    ],
    [{ body: "{}" }, 400, "A GET has no body"],
    [{ query: { constructor: "x" } }, 400, "query.(name not shown): is not known"],
    [{ query: { region: "x" } }, 400, "query.region: is not known"],
    [{ method: "POST", body: "!!!!", isBase64Encoded: true }, 400, "The body is not base64"],
    [{ method: "PUT" }, 405, "Use GET or POST"],
    [{ method: "DELETE" }, 405, "Use GET or POST"],
    [{ method: "POST", body: " ".repeat(65_537) }, 413, "larger than 65536 bytes"],
  ])("%.80j is %i: %s", async (http, status, message) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { statusCode, headers, body, log } = await request(emulator, http);
    expect(statusCode).toBe(status);
    expect(body).toContain(message);
    expect(headers["allow"]).toBe(status === 405 ? "GET, POST" : undefined);
    expect(emulator.requests).toEqual([]);
    const { error } = JSON.parse(body);
    expect(log).toMatchObject([
      { level: "warn", event: "run", outcome: "failed", error: error.name, message: error.message },
    ]);
  });

  test("with a pattern that matches no region is 400, and a warning", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { statusCode, body, log } = await request(emulator, { query: { regions: "us-*" } });
    expect({ statusCode, body }).toEqual({
      statusCode: 400,
      body: expect.stringContaining("matches none of the 3 regions"),
    });
    expect(log).toMatchObject([{ level: "warn", outcome: "failed", error: "ScopeError" }]);
  });

  test("because a configured pattern matches no region is 500, and an error", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { statusCode, log } = await request(emulator, {}, { FLOWLOG_GUARD_REGIONS: "us-*" });
    expect(statusCode).toBe(500);
    expect(log).toMatchObject([{ level: "error", outcome: "failed", error: "ScopeError" }]);
  });

  test("with a body of megabytes in base64 is 413 too", () => {
    const body = Buffer.alloc(8 * 1_048_576).toString("base64");
    const event = { body, isBase64Encoded: true, requestContext: { http: { method: "POST" } } };
    expect(() => readHttpRequest(event)).toThrow("The body is larger than 65536 bytes.");
  });

  test("because of the deployed configuration is 500, with the reason", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      faults: { DescribeRegions: { kind: "denied" } },
    });
    const listed = await request(emulator, {});
    expect(listed).toMatchObject({
      statusCode: 500,
      body: expect.stringContaining("ScopeError"),
      log: [{ level: "error" }],
    });
    const narrowed = await request(emulator, { query: { regions: "cn-*" } });
    expect(narrowed).toMatchObject({ statusCode: 500, log: [{ level: "error" }] });
    const configured = await request(emulator, {}, { FLOWLOG_GUARD_TIMEOUT: "soon" });
    expect(configured).toMatchObject({
      statusCode: 500,
      body: expect.stringContaining("FLOWLOG_GUARD_TIMEOUT"),
    });
    expect(configured.log).toMatchObject([{ level: "error", event: "run", outcome: "failed" }]);
  });

  test("because the role is refused is 500, without a secret", async () => {
    const key = { accessKeyId: "STS.k", accessKeySecret: "right", securityToken: "http-token-2e" };
    await using emulator = await startEmulator({ regions: REGIONS, keys: [key] });
    const context = functionContext(emulator, {
      credentials: { ...key, accessKeySecret: "http-secret-1f" },
    });
    const { result, output } = await invokeAudit<HttpResponse>(
      httpEvent({}),
      context,
      functionEnv(emulator),
    );
    expect(result).toMatchObject({ statusCode: 500 });
    expect(result?.body).toContain("CredentialsError");
    expect(output).not.toMatch(/http-secret-1f|http-token-2e/);
  });
});
