import { expect, test } from "vitest";

import { noTunnel, refusedByProxy, unreachableProxy } from "../../../shared/http/proxy-error.ts";
import { readProxy } from "../../../shared/http/proxy-settings.ts";

function proxyAt(address: string) {
  const { proxy } = readProxy({ HTTPS_PROXY: address });
  if (proxy === null) throw new Error("a proxy is set");
  return proxy;
}

const PROXY = proxyAt("http://proxy.example:3128");
const WITH_PASSWORD = proxyAt("http://user:proxy-password@proxy.example:3128");

function failedWith(code: string | undefined): Error {
  return Object.assign(
    new Error("http://user:proxy-password@"),
    code === undefined ? {} : { code },
  );
}

test.each<[code: string | undefined, retryable: "always" | "never", message: string]>([
  [
    "ECONNREFUSED",
    "always",
    "The proxy proxy.example:3128 cannot be reached (ECONNREFUSED). Check HTTPS_PROXY, and the network to the proxy.",
  ],
  [
    undefined,
    "always",
    "The proxy proxy.example:3128 cannot be reached (no answer). Check HTTPS_PROXY, and the network to the proxy.",
  ],
  [
    "EACCES",
    "never",
    "The proxy proxy.example:3128 cannot be reached (EACCES). Check HTTPS_PROXY, and the network to the proxy.",
  ],
  [
    "ENOTFOUND",
    "never",
    "There is no host proxy.example, which HTTPS_PROXY names as the proxy. Correct it, or look at the network and its DNS.",
  ],
  [
    "HPE_INVALID_CONSTANT",
    "never",
    "What answers at proxy.example:3128 does not speak http as a proxy does (HPE_INVALID_CONSTANT). Correct HTTPS_PROXY.",
  ],
  [
    "EPROTO",
    "never",
    "What answers at proxy.example:3128 does not speak http as a proxy does (EPROTO). Correct HTTPS_PROXY.",
  ],
  [
    "CERT_REVOKED",
    "never",
    "The proxy proxy.example:3128 has a certificate that is not accepted (CERT_REVOKED). Check whether a proxy on the way has put it there.",
  ],
])("a connection to the proxy that failed with %s: tried again %s", (code, retryable, message) => {
  for (const proxy of [PROXY, WITH_PASSWORD]) {
    const expected = { code: "PROXY_UNREACHABLE", retryable, message };
    expect(unreachableProxy(proxy, failedWith(code))).toMatchObject(expected);
  }
});

// https://www.rfc-editor.org/rfc/rfc9110#name-connect
test.each([
  [PROXY, 407, "PROXY_AUTHENTICATION", "never", "asks for a user and a password (HTTP 407)"],
  [WITH_PASSWORD, 407, "PROXY_AUTHENTICATION", "never", "does not take the user and password"],
  [
    PROXY,
    502,
    "PROXY_TARGET_UNREACHABLE",
    "always",
    "could not connect to vpc.example:443 (HTTP 502)",
  ],
  [
    PROXY,
    500,
    "PROXY_TARGET_UNREACHABLE",
    "always",
    "could not connect to vpc.example:443 (HTTP 500)",
  ],
  [PROXY, 429, "PROXY_REFUSED", "always", "refuses to connect to vpc.example:443 (HTTP 429)"],
  [PROXY, 403, "PROXY_REFUSED", "never", "refuses to connect to vpc.example:443 (HTTP 403)"],
  [PROXY, 302, "PROXY_REFUSED", "never", "refuses to connect to vpc.example:443 (HTTP 302)"],
] as const)(
  "%o that answers CONNECT with %i: %s, tried again %s",
  (proxy, status, code, retryable, says) => {
    const error = refusedByProxy(proxy, "vpc.example:443", status);
    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining(says) });
    expect(error.message).not.toContain("proxy-password");
  },
);

test("a body where the connection begins is no tunnel", () => {
  expect(noTunnel(PROXY, 200)).toMatchObject({
    code: "PROXY_UNREACHABLE",
    retryable: "never",
    message:
      "What answers at proxy.example:3128 does not speak http as a proxy does (HTTP 200 with a body, where a connection begins). Correct HTTPS_PROXY.",
  });
});
