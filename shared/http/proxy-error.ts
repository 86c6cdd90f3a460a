import { errorCode } from "../text/error-code.ts";
import { proxyHost, type ProxySettings } from "./proxy-settings.ts";
import { describeTlsFault } from "./tls-fault.ts";
import { isTransientFault } from "./transient-fault.ts";

/**
 * - `PROXY_UNREACHABLE`: no connection to the proxy, or what answers is not a proxy.
 * - `PROXY_AUTHENTICATION`: user and password are required, or wrong.
 * - `PROXY_REFUSED`: the proxy does not allow connections to the target.
 * - `PROXY_TARGET_UNREACHABLE`: the proxy could not connect to the target.
 */
export type ProxyErrorCode =
  | "PROXY_UNREACHABLE"
  | "PROXY_AUTHENTICATION"
  | "PROXY_REFUSED"
  | "PROXY_TARGET_UNREACHABLE";

/** A proxy did not connect to a host. The message is complete and contains no password. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly code: ProxyErrorCode;
  /** `"always"`: another attempt may succeed. */
  readonly retryable: "never" | "always";

  constructor(code: ProxyErrorCode, message: string, isTransient: boolean) {
    super(message);
    this.code = code;
    this.retryable = isTransient ? "always" : "never";
  }
}

/**
 * The error for a failed connection to the proxy.
 *
 * @param error - the error that the connection failed with
 */
export function unreachableProxy(proxy: ProxySettings, error: unknown): ProxyError {
  const name = `The proxy ${proxyHost(proxy)}`;
  const tlsFault = describeTlsFault(name, error);
  if (tlsFault !== null) return new ProxyError("PROXY_UNREACHABLE", tlsFault, false);
  const code = errorCode(error) ?? "no answer";
  if (code === "ENOTFOUND") {
    return new ProxyError(
      "PROXY_UNREACHABLE",
      `There is no host ${proxy.hostname}, which ${proxy.variable} names as the proxy. Correct it, or look at the network and its DNS.`,
      false,
    );
  }
  if (/^(HPE_|EPROTO$|ERR_SSL_)/.test(code)) {
    return notAProxy(proxy, code);
  }
  return new ProxyError(
    "PROXY_UNREACHABLE",
    `${name} cannot be reached (${code}). Check ${proxy.variable}, and the network to the proxy.`,
    code === "no answer" || isTransientFault(code),
  );
}

/** The error for a 2xx response to CONNECT with a body, in place of a tunnel to the target. */
export function noTunnel(proxy: ProxySettings, status: number): ProxyError {
  return notAProxy(proxy, `HTTP ${status} with a body, where a connection begins`);
}

function notAProxy(proxy: ProxySettings, because: string): ProxyError {
  return new ProxyError(
    "PROXY_UNREACHABLE",
    `What answers at ${proxyHost(proxy)} does not speak ${proxy.protocol.replace(":", "")} as a proxy does (${because}). Correct ${proxy.variable}.`,
    false,
  );
}

/**
 * The error for a response to CONNECT with a status other than 2xx.
 *
 * @param target - host and port
 */
export function refusedByProxy(proxy: ProxySettings, target: string, status: number): ProxyError {
  const name = `The proxy ${proxyHost(proxy)}`;
  const { variable } = proxy;
  if (status === 407) {
    const is =
      proxy.authorization === null
        ? `asks for a user and a password (HTTP 407). Put them into ${variable}, as http://user:password@host:port.`
        : `does not take the user and password in ${variable} (HTTP 407). Correct them; what is special in them must be percent-encoded.`;
    return new ProxyError("PROXY_AUTHENTICATION", `${name} ${is}`, false);
  }
  if (status >= 500) {
    return new ProxyError(
      "PROXY_TARGET_UNREACHABLE",
      `${name} could not connect to ${target} (HTTP ${status}). Check that the host exists, and that the proxy can reach it.`,
      true,
    );
  }
  return new ProxyError(
    "PROXY_REFUSED",
    `${name} refuses to connect to ${target} (HTTP ${status}). Allow the host there, or name it in NO_PROXY if it can be reached directly.`,
    status === 429,
  );
}
