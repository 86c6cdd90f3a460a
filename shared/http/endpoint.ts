import { isLoopback } from "./hostname.ts";

/** Where a service is asked instead of at its public address. */
export interface Endpoint {
  /** Host, with a port where it is not the protocol's own. */
  readonly host: string;
  readonly protocol: "HTTP" | "HTTPS";
}

/**
 * Reads `host`, `host:port` or an `http(s)` address without a path.
 *
 * @returns null when the text is none of these, or `http:` and not loopback: answers that anybody
 * on the way can change are no evidence
 */
export function parseEndpoint(text: string): Endpoint | null {
  const address = text.includes("://") ? text : `https://${text}`;
  if (!URL.canParse(address) || /[@?#\s]/.test(text)) return null;
  const url = new URL(address);
  if (url.pathname !== "/") return null;
  if (url.protocol === "https:") return { host: url.host, protocol: "HTTPS" };
  if (url.protocol === "http:" && isLoopback(url.hostname)) {
    return { host: url.host, protocol: "HTTP" };
  }
  return null;
}

/**
 * Says that a host or an address has an IPv6 literal without brackets, where what follows a colon
 * would be taken for a port; null where it has none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
 */
export function problemOfIpv6(text: string): string | null {
  const host = text.replace(/^[a-z][a-z\d+.-]*:\/\//i, "").split(/[/?#]/, 1)[0] ?? "";
  return /^[\da-f.]*:[\da-f.]*:[\da-f:.]*(%.*)?$/i.test(host)
    ? "is an IPv6 address without brackets: write [::1], or [::1]:8080 with a port"
    : null;
}
