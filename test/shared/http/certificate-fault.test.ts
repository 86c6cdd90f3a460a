import { describe, expect, test } from "vitest";

import { AlibabaCloud } from "../../../shared/alibaba/alibaba-cloud.ts";
import { classifyFailure } from "../../../shared/alibaba/sdk/classify-failure.ts";
import { describeTlsFault } from "../../../shared/http/tls-fault.ts";
import { ping } from "../../../shared/notify/heartbeat.ts";
import { post } from "../../../shared/notify/post.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { STATE_CONTENTS } from "../../../shared/storage/oss-blobs.ts";
import { classifyOssFailure } from "../../../shared/storage/oss-error.ts";
import { DIRECT } from "../../harness/direct.ts";
import { NO_ENDPOINTS } from "../../harness/endpoints-at.ts";
import { startUntrustedServer } from "../../harness/untrusted-server.ts";

const NOTHING_SEEN = { response: undefined, hostResolved: true, oversized: false };

function failedWith(code: string): Error {
  return Object.assign(new Error("https://secret"), { code });
}

// https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
const SENTENCES: readonly (readonly [is: string, advice: string, codes: readonly string[]])[] = [
  [
    "has a certificate of an authority that this machine does not trust",
    "Where a proxy on the way or a private authority signs, set NODE_EXTRA_CA_CERTS to the file of its certificate.",
    [
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "CERT_UNTRUSTED",
    ],
  ],
  [
    "has a certificate that has expired",
    "Check the clock of this machine; if it is right, the certificate must be renewed.",
    ["CERT_HAS_EXPIRED"],
  ],
  [
    "has a certificate that is not valid yet",
    "Check the clock of this machine.",
    ["CERT_NOT_YET_VALID"],
  ],
  [
    "has a certificate that is for another host",
    "Check the address, and whether a proxy or name server leads elsewhere.",
    ["ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH"],
  ],
  [
    "has a certificate that is not accepted",
    "Check whether a proxy on the way has put it there.",
    [
      "CERT_REVOKED",
      "CERT_REJECTED",
      "CERT_SIGNATURE_FAILURE",
      "CERT_CHAIN_TOO_LONG",
      "INVALID_CA",
      "INVALID_PURPOSE",
      "PATH_LENGTH_EXCEEDED",
    ],
  ],
];

test.each(SENTENCES.flatMap(([is, advice, codes]) => codes.map((code) => [code, is, advice])))(
  "%s: %s",
  (code, is, advice) => {
    expect(describeTlsFault("h.example", failedWith(code))).toBe(
      `h.example ${is} (${code}). ${advice}`,
    );
  },
);

test.each([null, undefined, "CERT_HAS_EXPIRED", { code: "CERT_HAS_EXPIRED" }, new Error("none")])(
  "%j is no error of a certificate",
  (error) => expect(describeTlsFault("h.example", error)).toBeNull(),
);

describe("an error of a certificate", () => {
  test.each([
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /does not trust .*NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /does not trust .*NODE_EXTRA_CA_CERTS/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /does not trust .*NODE_EXTRA_CA_CERTS/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", /does not trust .*NODE_EXTRA_CA_CERTS/],
    ["CERT_HAS_EXPIRED", /has expired .*clock/],
    ["CERT_NOT_YET_VALID", /not valid yet .*clock/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /for another host .*address/],
    ["CERT_REVOKED", /not accepted .*proxy/],
  ])("%s is reported as one by every client", (code, says) => {
    const error = failedWith(code);
    const subject = { action: "vpc:DescribeRegions", endpoint: "h.example" };
    const oss = { bucket: "b", prefix: "p/", host: "h.example", contents: STATE_CONTENTS };
    const messages = [
      describeTlsFault("h.example", error),
      classifyFailure(error, subject, NOTHING_SEEN).message,
      classifyOssFailure(error, oss, NOTHING_SEEN).message,
    ];
    for (const text of messages) {
      expect(text).toMatch(/^h\.example has a certificate /);
      expect(text).toMatch(says);
      expect(text).toContain(`(${code})`);
      expect(text).not.toContain("secret");
    }
    // Extra authorities help only where the authority is unknown.
    expect(messages[0]?.includes("NODE_EXTRA_CA_CERTS")).toBe(says.source.includes("EXTRA"));
    expect(classifyFailure(error, subject, NOTHING_SEEN)).toMatchObject({
      code: "UNREACHABLE",
      retryable: "never",
    });
  });

  test.each(["ECONNREFUSED", "ENOTFOUND", "constructor"])("is not %s", (code) => {
    expect(describeTlsFault("h.example", failedWith(code))).toBeNull();
  });

  test.each([
    ["me", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["somebody", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ])("of a real server with a certificate by %s is reported", async (issuer, code) => {
    await using server = await startUntrustedServer(issuer);
    const { host } = server;
    const says = expect.stringMatching(
      new RegExp(`^${host} has a certificate .*\\(${code}\\).*NODE_EXTRA_CA_CERTS`),
    );
    const limit = startTimeBudget(5_000, "TIMEOUT");
    const url = `https://${host}/hook`;
    await expect(
      post({ url, body: "{}", dropsRepeats: false, budget: limit }, DIRECT),
    ).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: says,
    });
    await expect(
      ping(url, { runId: "run", outcome: "failed" }, { transport: DIRECT, within: limit }),
    ).rejects.toMatchObject({
      message: says,
    });
    const cloud = new AlibabaCloud({
      credentials: { accessKeyId: "id", accessKeySecret: "secret" },
      endpoints: { ...NO_ENDPOINTS, vpc: { "*": { host, protocol: "HTTPS" } } },
      homeRegionId: "cn-hangzhou",
      runId: "run",
      acceptLanguage: "en-US",
      userAgent: "test",
      transport: DIRECT,
    });
    await expect(cloud.isFlowLogServiceActivated("cn-a", limit)).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: says,
    });
    limit.release();
  });
});
