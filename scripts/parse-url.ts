import { withoutBrackets } from "../shared/http/hostname.ts";

/** The parts of a URL, with the names that Node's `url.parse` gives them. */
export interface ParsedUrl {
  readonly href: string;
  readonly protocol: string | null;
  readonly slashes: true | null;
  readonly auth: string | null;
  readonly host: string | null;
  readonly hostname: string | null;
  readonly port: string | null;
  readonly pathname: string | null;
  readonly search: string | null;
  readonly query: string | null;
  readonly path: string | null;
  readonly hash: string | null;
}

/**
 * Does what Node's `url.parse` does for HTTP URLs, with the WHATWG parser.
 *
 * @param text - a URL, such as `https://example.com/a?b`; unlike with `url.parse`, any other text has
 *   no protocol and no host
 * @see https://nodejs.org/api/url.html#legacy-url-api
 */
export function parseUrl(text: string): ParsedUrl {
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (url === null) return { ...NOTHING, href: text, pathname: text, path: text };
  const { href, protocol, username, password, host, hostname, port, pathname, search, hash } = url;
  const login = password === "" ? username : `${username}:${password}`;
  return {
    href,
    protocol,
    slashes: true,
    auth: login === "" ? null : decodeURIComponent(login),
    host,
    hostname: withoutBrackets(hostname),
    port: port === "" ? null : port,
    pathname,
    search: search === "" ? null : search,
    query: search === "" ? null : search.slice(1),
    path: pathname + search,
    hash: hash === "" ? null : hash,
  };
}

const NOTHING = {
  protocol: null,
  slashes: null,
  auth: null,
  host: null,
  hostname: null,
  port: null,
  search: null,
  query: null,
  hash: null,
} as const;
