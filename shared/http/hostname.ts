import { isIPv4 } from "node:net";

/**
 * Whether a host is this machine itself, so that plain `http:` to it crosses no network.
 *
 * @param hostname - as `URL.hostname` gives it, an IPv6 address in brackets
 */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    (isIPv4(hostname) && hostname.startsWith("127."))
  );
}

/**
 * A hostname as Node's network functions take it: an IPv6 address without the brackets that
 * `URL.hostname` puts around it, any other host unchanged.
 */
export function withoutBrackets(hostname: string): string {
  return hostname.startsWith("[") && hostname.endsWith("]") ? hostname.slice(1, -1) : hostname;
}
