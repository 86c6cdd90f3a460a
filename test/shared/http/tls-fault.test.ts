import { describe, expect, test } from "vitest";

import { AlibabaCloud } from "../../../shared/alibaba/alibaba-cloud.ts";
import { invokeAudit } from "../../../shared/alibaba/fc.ts";
import type { Endpoint } from "../../../shared/http/endpoint.ts";
import { describeTlsFault } from "../../../shared/http/tls-fault.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { ping } from "../../../shared/notify/heartbeat.ts";
import { post } from "../../../shared/notify/post.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";
import { OssBlobs } from "../../../shared/storage/oss-blobs.ts";
import { endpointsAt } from "../../harness/endpoints-at.ts";
import { type OddHello, startOddTlsServer } from "../../harness/odd-tls-server.ts";

const CREDENTIALS = { accessKeyId: "id", accessKeySecret: "secret" };

function failedWith(code: string, message = "https://secret"): Error {
  return Object.assign(new Error(message), { code });
}

describe("an error of TLS is reported as one", () => {
  test.each([
    ["ERR_SSL_UNSUPPORTED_PROTOCOL", /TLS 1\.2 and 1\.3 \(UNSUPPORTED_PROTOCOL\)\. Update/],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", /TLS 1\.2 and 1\.3 \(TLSV1_ALERT_PROTOCOL_VERSION\)/],
    ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", /no cipher/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", /without TLS \(WRONG_VERSION_NUMBER\)\. .*port/],
    ["ERR_SSL_PACKET_LENGTH_TOO_LONG", /without TLS/],
  ])("%s", (code, says) => {
    const message = describeTlsFault("h.example", failedWith(code));
    expect(message).toMatch(/^h\.example /);
    expect(message).toMatch(says);
    expect(message).not.toContain("secret");
  });

  // As Node 20 words them.
  test.each([
    ["write EPROTO 806C:error:0A00010B:SSL routines:ssl3_get_record:wrong version", /without TLS/],
    ["write EPROTO 806C:error:0A000102:SSL routines:ssl_choose_client_version:", /TLS 1\.2/],
    ["write EPROTO 806C:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1", /TLS 1\.2/],
  ])("EPROTO, %s", (message, says) => {
    expect(describeTlsFault("h.example", failedWith("EPROTO", message))).toMatch(says);
  });

  test.each([
    ["ECONNREFUSED", ""],
    ["EPROTO", "write EPROTO"],
    ["EPROTO", "write EPROTO 806C:error:0A000438:SSL routines: alert internal error"],
    ["EPROTO", "write EPROTO 806C:error:0B00010B:other library"],
    ["ECONNRESET", "error:0A00010B:"],
    ["constructor", ""],
    ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", ""],
  ])("%s %j is of no such kind", (code, message) => {
    expect(describeTlsFault("h.example", failedWith(code, message))).toBeNull();
  });
});

/** Each client that uses TLS to a host that the user configures. */
const CALLERS: readonly (readonly [
  string,
  (endpoint: Endpoint, limit: TimeBudget) => Promise<unknown>,
])[] = [
  ["VPC", async (endpoint, limit) => cloudAt(endpoint).isFlowLogServiceActivated("cn-a", limit)],
  ["STS", async (endpoint, limit) => cloudAt(endpoint).identifyCaller(null, limit)],
  [
    "OSS",
    async (endpoint, limit) =>
      new OssBlobs({
        bucket: "bucket",
        prefix: "",
        regionId: "cn-a",
        endpoint,
        credentials: CREDENTIALS,
        transport: createTransport(null),
      }).read("state.json", limit),
  ],
  [
    "Function Compute",
    async (endpoint, limit) =>
      invokeAudit(
        {
          credentials: CREDENTIALS,
          accountId: "1234567890123456",
          regionId: "cn-a",
          functionName: "audit",
          endpoint,
          transport: createTransport(null),
        },
        {},
        limit,
      ),
  ],
  [
    "a receiver",
    async ({ host }, budget) =>
      post(
        { url: `https://${host}/hook`, body: "{}", dropsRepeats: false, budget },
        createTransport(null),
      ),
  ],
  [
    "the heartbeat",
    async ({ host }, within) =>
      ping(
        `https://${host}/ping`,
        { runId: "run", outcome: "done" },
        { within, transport: createTransport(null) },
      ),
  ],
];

function cloudAt(endpoint: Endpoint): AlibabaCloud {
  return new AlibabaCloud({
    transport: createTransport(null),
    credentials: CREDENTIALS,
    endpoints: endpointsAt(endpoint),
    homeRegionId: "cn-hangzhou",
    runId: "run",
    acceptLanguage: "en-US",
    userAgent: "test",
  });
}

describe.each<[string, OddHello, RegExp]>([
  ["of version 1.0", "tls-1.0", /it takes TLS 1\.2 and 1\.3 \(\w+\)\. Update the server/],
  ["that refuses the version", { alert: 70 }, /it takes TLS 1\.2 and 1\.3/],
  ["that refuses the ciphers", { alert: 40 }, /no cipher that this program uses/],
  ["that does not know the name", { alert: 112 }, /has nothing under this name/],
  ["that is plain text", "plain", /answered without TLS \(\w+\)\. Check the address and its port/],
])("TLS %s", (_what, hello, says) => {
  test.each(CALLERS)("is reported by %s", async (_caller, call) => {
    await using server = await startOddTlsServer(hello);
    const limit = startTimeBudget(5_000, "TIMEOUT");
    const endpoint: Endpoint = { host: server.host, protocol: "HTTPS" };
    await expect(call(endpoint, limit)).rejects.toThrow(says);
    limit.release();
  });
});
