import { expect, test } from "vitest";

import { signLogServiceRequest } from "../../../shared/alibaba/sls-signature.ts";
import { verifyLogSignature } from "../../emulator/log-signature.ts";

/** The time of the recorded requests. */
const DATE = "Sun, 22 Nov 2026 10:00:00 GMT";
const PATH = "/logstores/vpc_all-1";
const SECRET = "vector-secret-7b";

/**
 * Headers of `getLogStore("flow-logs", "vpc_all-1")`, recorded from the official SDK at that time.
 *
 * @see https://www.npmjs.com/package/@alicloud/sls20201230/v/5.9.0
 */
const RECORDED = [
  {
    credentials: { accessKeyId: "LTAI5tVectorKey", accessKeySecret: SECRET },
    headers: {
      "x-log-apiversion": "0.6.0",
      "x-log-bodyrawsize": "0",
      "x-log-signaturemethod": "hmac-sha256",
      date: DATE,
      authorization: "LOG LTAI5tVectorKey:/4zqLUQD+173nLwk9mnXnyh47qMAu6rR0Y1BgDhAGDw=",
    },
  },
  {
    credentials: {
      accessKeyId: "STS.VectorKey",
      accessKeySecret: SECRET,
      securityToken: "sts-token-5d",
    },
    headers: {
      "x-log-apiversion": "0.6.0",
      "x-acs-security-token": "sts-token-5d",
      "x-log-bodyrawsize": "0",
      "x-log-signaturemethod": "hmac-sha256",
      date: DATE,
      authorization: "LOG STS.VectorKey:rYFfI/Wes70kFR4h/cSyF1j35OYsjI5buz/GjvcxLFw=",
    },
  },
];

test.each(RECORDED)("signs as the official SDK does: $credentials", ({ credentials, headers }) => {
  expect(signLogServiceRequest("GET", PATH, DATE, credentials)).toEqual(headers);
});

test.each(RECORDED)("the emulator accepts what the SDK signed", ({ credentials, headers }) => {
  const verify = (path: string, changed = {}) =>
    verifyLogSignature("GET", path, { ...headers, ...changed }, [credentials])?.[0] ?? null;
  expect(verify(PATH)).toBeNull();
  expect(verify("/logstores/other")).toBe("SignatureNotMatch");
  expect(verify(PATH, { date: "Sun, 22 Nov 2026 10:00:01 GMT" })).toBe("SignatureNotMatch");
  expect(verify(PATH, { "x-log-bodyrawsize": "1" })).toBe("SignatureNotMatch");
  expect(verify(PATH, { "x-acs-security-token": "other" })).toBe("Unauthorized");
  expect(verify(PATH, { authorization: "LOG other:c2lnbmF0dXJl" })).toBe("Unauthorized");
  expect(verify(PATH, { authorization: "" })).toBe("ParameterInvalid");
});
