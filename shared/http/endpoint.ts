import { isLoopback } from "./hostname.ts";

/** The network address of a service. */
export interface Endpoint {
  /** Host, with the port unless it is the protocol's default. */
  readonly host: string;
  readonly protocol: "HTTP" | "HTTPS";
}

/**
 * Reads `host`, `host:port` or an `http(s)` URL without a path.
 *
 * @returns null for any other text, and for `http:` beyond loopback: answers that can be changed on
 * the way are not evidence
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
 * Describes the problem of a host or URL with an IPv6 address without brackets, in which the text
 * after a colon would be read as a port; null for any other text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
 */
export function problemOfIpv6(text: string): string | null {
  const host = text.replace(/^[a-z][a-z\d+.-]*:\/\//i, "").split(/[/?#]/, 1)[0] ?? "";
  return /^[\da-f.]*:[\da-f.]*:[\da-f:.]*(%.*)?$/i.test(host)
    ? "is an IPv6 address without brackets: write [::1], or [::1]:8080 with a port"
    : null;
}
