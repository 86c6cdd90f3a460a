import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

import { isLoopback, withoutBrackets } from "./hostname.ts";

/** What one entry of `NO_PROXY` stands for. */
export interface NoProxyEntry {
  /** As it is written. */
  readonly text: string;
  readonly matches: (target: Target) => boolean;
}

interface Target {
  /** In lower case, an IPv6 address without its brackets, a name without its last dot. */
  readonly host: string;
  readonly port: number;
}

const HTTPS_PORT = 443;

/** Domains of Alibaba Cloud's own networks, which a proxy outside of them does not reach. */
const INTERNAL_HOSTS = [
  // OSS, Container Registry and others: oss-cn-hangzhou-internal.aliyuncs.com.
  /-internal\.aliyuncs\.com$/,
  // Function Compute: 1234567890123456.cn-hangzhou-internal.fc.aliyuncs.com.
  /-internal\.fc\.aliyuncs\.com$/,
  // SLS: project.cn-hangzhou-intranet.log.aliyuncs.com.
  /-intranet\.log\.aliyuncs\.com$/,
  // The products' endpoints in a VPC: sts-vpc.cn-hangzhou.aliyuncs.com. A bucket may be called so too.
  /^[a-z0-9]+-vpc(\.(?!oss-)[a-z0-9-]+)?\.aliyuncs\.com$/,
];

/**
 * The ECS metadata service, which answers the machine that asks and nobody else.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
 */
const METADATA_HOST = "100.100.100.200";

/**
 * Reads `NO_PROXY`: entries between commas or white space, each `*`, a domain with or without a dot
 * before it (its subdomains are meant too), an address, or addresses as `10.0.0.0/8`; a domain and
 * an address may have a port. An entry that is none of these matches nothing: it is other tools'.
 *
 * @see https://curl.se/docs/manpage.html#NOPROXY
 */
export function parseNoProxy(text: string): NoProxyEntry[] {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map((entry) => ({ text: entry, matches: matcherOf(entry.toLowerCase()) }));
}

/** Whether a host is asked directly, whatever proxy is set. */
export function isNeverProxied(hostname: string): boolean {
  const host = hostOf(hostname);
  return (
    isLoopback(hostname) ||
    host === METADATA_HOST ||
    INTERNAL_HOSTS.some((internal) => internal.test(host))
  );
}

/** Whether an entry of `NO_PROXY` stands for the target of an `https:` request. */
export function isInNoProxy(
  entries: readonly NoProxyEntry[],
  { hostname, port }: Pick<URL, "hostname" | "port">,
): boolean {
  const target = { host: hostOf(hostname), port: Number(port) || HTTPS_PORT };
  return entries.some(({ matches }) => matches(target));
}

function hostOf(hostname: string): string {
  return withoutBrackets(hostname.toLowerCase()).replace(/\.$/, "");
}

function matcherOf(entry: string): NoProxyEntry["matches"] {
  if (entry === "*") return () => true;
  const [host, port] = splitPort(entry);
  const matchesHost = hostMatcherOf(host);
  return (target) => (port === null || port === target.port) && matchesHost(target.host);
}

/** A lone IPv6 address has colons and no port. */
function splitPort(entry: string): readonly [host: string, port: number | null] {
  const [, host, port] = /^(\[.*\]|[^:]*):(\d{1,5})$/.exec(entry) ?? [];
  return host === undefined ? [entry, null] : [host, Number(port)];
}

function hostMatcherOf(text: string): (host: string) => boolean {
  // A URL has a name in letters of ASCII, whatever it is written in.
  const ascii = /[^\x20-\x7e]/.test(text) ? domainToASCII(text) : text;
  const bare = hostOf(ascii.replace(/^\[(.*)\](?=\/)/, "$1"));
  const [address = "", bits] = bare.split("/");
  const family = familyOf(address);
  if (family !== null) return addressMatcherOf(address, bits, family);
  const domain = bare.replace(/^\*?\./, "");
  // An address has no domain above it.
  return (host) => host === domain || (host.endsWith(`.${domain}`) && isIP(host) === 0);
}

type Family = "ipv4" | "ipv6";

function familyOf(address: string): Family | null {
  const version = isIP(address);
  if (version === 0) return null;
  return version === 4 ? "ipv4" : "ipv6";
}

function addressMatcherOf(
  address: string,
  bits: string | undefined,
  family: Family,
): (host: string) => boolean {
  const widest = family === "ipv4" ? 32 : 128;
  const prefix = bits === undefined ? widest : Number(bits || NaN);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > widest) return () => false;
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return (host) => {
    const hostFamily = familyOf(host);
    return hostFamily !== null && list.check(host, hostFamily);
  };
}
