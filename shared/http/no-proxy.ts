import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

import { isLoopback, withoutBrackets } from "./hostname.ts";

/** One entry of `NO_PROXY`. */
export interface NoProxyEntry {
  /** The entry as written. */
  readonly text: string;
  readonly matches: (target: HostAndPort) => boolean;
}

interface HostAndPort {
  /** In lower case; an IPv6 address without brackets, a name without a final dot. */
  readonly host: string;
  readonly port: number;
}

const HTTPS_PORT = 443;

/** Hosts in Alibaba Cloud's internal networks, which a proxy outside them cannot reach. */
const INTERNAL_HOSTS = [
  // OSS, Container Registry and others: oss-cn-hangzhou-internal.aliyuncs.com.
  /-internal\.aliyuncs\.com$/,
  // Function Compute: 1234567890123456.cn-hangzhou-internal.fc.aliyuncs.com.
  /-internal\.fc\.aliyuncs\.com$/,
  // SLS: project.cn-hangzhou-intranet.log.aliyuncs.com.
  /-intranet\.log\.aliyuncs\.com$/,
  // Endpoints in a VPC: sts-vpc.cn-hangzhou.aliyuncs.com. A bucket's name may look like one.
  /^[a-z0-9]+-vpc(\.(?!oss-)[a-z0-9-]+)?\.aliyuncs\.com$/,
];

/**
 * The ECS metadata service, which answers about the machine that sends the request.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
 */
const METADATA_HOST = "100.100.100.200";

/**
 * Reads `NO_PROXY`: entries separated by commas or white space. An entry is `*`, a domain with or
 * without a leading dot (it includes the subdomains), an address, or a network such as `10.0.0.0/8`.
 * A domain or an address may have a port. Any other entry matches nothing, because the variable is
 * shared with other tools.
 *
 * @see https://curl.se/docs/manpage.html#NOPROXY
 */
export function parseNoProxy(text: string): NoProxyEntry[] {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map((entry) => ({ text: entry, matches: matcherOf(entry.toLowerCase()) }));
}

/** Whether a host is always connected to directly, whatever proxy is set. */
export function isNeverProxied(hostname: string): boolean {
  const host = hostOf(hostname);
  return (
    isLoopback(hostname) ||
    host === METADATA_HOST ||
    INTERNAL_HOSTS.some((internal) => internal.test(host))
  );
}

/** Whether an entry of `NO_PROXY` matches the target of an `https:` request. */
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

/** An IPv6 address without brackets has colons, but no port. */
function splitPort(entry: string): readonly [host: string, port: number | null] {
  const [, host, port] = /^(\[.*\]|[^:]*):(\d{1,5})$/.exec(entry) ?? [];
  return host === undefined ? [entry, null] : [host, Number(port)];
}

function hostMatcherOf(text: string): (host: string) => boolean {
  // `URL.hostname` is in ASCII (Punycode).
  const ascii = /[^\x20-\x7e]/.test(text) ? domainToASCII(text) : text;
  const bare = hostOf(ascii.replace(/^\[(.*)\](?=\/)/, "$1"));
  const [address = "", bits] = bare.split("/");
  const family = familyOf(address);
  if (family !== null) return addressMatcherOf(address, bits, family);
  const domain = bare.replace(/^\*?\./, "");
  // An IP address is not a subdomain.
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
