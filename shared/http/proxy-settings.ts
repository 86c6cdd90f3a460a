import type { Environment } from "../program/environment.ts";
import { parseNoProxy, type NoProxyEntry } from "./no-proxy.ts";

/** The proxy for `https:` requests, and the hosts that bypass it. */
export interface ProxySettings {
  readonly protocol: "http:" | "https:";
  /** As `URL.hostname` gives it, an IPv6 address in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Value of the Proxy-Authorization header (secret); null if the address has no user. */
  readonly authorization: string | null;
  /** The variable that names the proxy, for messages. */
  readonly variable: string;
  /** Hosts that are connected to directly, in addition to those that always are. */
  readonly noProxy: readonly NoProxyEntry[];
}

/** The settings, or their problems. Messages do not contain the value, which can include a password. */
export interface ProxyReading {
  readonly proxy: ProxySettings | null;
  readonly problems: readonly string[];
}

/**
 * Reads the proxy from the environment. As in curl and in Node's `NODE_USE_ENV_PROXY`, the variable in
 * lower case takes precedence, an empty variable counts as not set, and the default scheme is
 * `http:`. `HTTP_PROXY` and `ALL_PROXY` are not read, because plain `http:` is used only for loopback
 * and for receivers in the same network.
 *
 * @see https://curl.se/docs/manpage.html#ENVIRONMENT
 * @see https://nodejs.org/docs/latest-v24.x/api/cli.html#node_use_env_proxy1
 */
export function readProxy(env: Environment): ProxyReading {
  const variable = spellingOf(env, "https_proxy");
  if (variable === null) return { proxy: null, problems: [] };
  const address = parseAddress(String(env[variable]).trim());
  if ("problem" in address) return { proxy: null, problems: [`${variable}: ${address.problem}`] };
  const noProxy = parseNoProxy(env[spellingOf(env, "no_proxy") ?? ""] ?? "");
  return { proxy: { ...address, variable, noProxy }, problems: [] };
}

/** The proxy's address without user and password, as `config` prints it. */
export function describeProxy({ protocol, authorization, ...address }: ProxySettings): string {
  return `${protocol}//${authorization === null ? "" : "***@"}${proxyHost(address)}`;
}

/** Host and port of the proxy, for messages. */
export function proxyHost({ hostname, port }: Pick<ProxySettings, "hostname" | "port">): string {
  return `${hostname}:${port}`;
}

/** The spelling in which a variable is set and not empty; null if in none. */
function spellingOf(env: Environment, name: string): string | null {
  return [name, name.toUpperCase()].find((spelling) => env[spelling]?.trim()) ?? null;
}

type Address = Pick<ProxySettings, "protocol" | "hostname" | "port" | "authorization">;

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

function parseAddress(text: string): Address | { readonly problem: string } {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase() ?? "http";
  if (scheme !== "http" && scheme !== "https") {
    // The text before "://" can be a user name, so it is repeated only if it is a known scheme.
    const shown = /^socks\w{0,2}$/.test(scheme) ? `${scheme}:// is` : "such a scheme is";
    return { problem: `${shown} not supported: write http://host:port or https://host:port` };
  }
  const address = SCHEME.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  const userAndPassword = url === null ? null : userAndPasswordOf(url);
  if (url === null || userAndPassword === null || url.pathname !== "/" || /[?#\s]/.test(text)) {
    return {
      problem:
        "is not the address of a proxy: write http://host:port, or http://user:password@host:port with what is special in them percent-encoded",
    };
  }
  const protocol = url.protocol === "https:" ? "https:" : "http:";
  const port = Number(url.port) || (protocol === "https:" ? 443 : 80);
  return { protocol, hostname: url.hostname, port, authorization: basicOf(userAndPassword) };
}

interface UserAndPassword {
  readonly user: string;
  readonly password: string;
}

/** @returns null when a percent sign does not begin a valid code */
function userAndPasswordOf({ username, password }: URL): UserAndPassword | null {
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return null;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function basicOf({ user, password }: UserAndPassword): string | null {
  if (user === "" && password === "") return null;
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
