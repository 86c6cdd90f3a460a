import type { CommonOptions } from "./receiver-options.ts";

/**
 * Headers that every request sets itself. Another value would break the request, or what receivers
 * verify.
 */
export const RESERVED =
  /^(host|connection|keep-alive|upgrade|te|trailer|transfer-encoding|expect|date|content-.*|accept-encoding|proxy-.*|webhook-(id|timestamp|signature))$/i;

/** The maximum length of a header's value; servers accept about 8 KB of headers in all. */
export const MAX_VALUE = 4_096;

/** The headers that a receiver's configuration adds to each request, their names in lower case. */
export function requestHeaders({
  headers = {},
  basicAuth,
  bearerToken,
}: CommonOptions): Readonly<Record<string, string>> {
  const added = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const authorization = authorizationOf(basicAuth, bearerToken);
  return {
    ...Object.fromEntries(added),
    ...(authorization !== null && { authorization }),
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc7617 and https://www.rfc-editor.org/rfc/rfc6750 */
function authorizationOf(
  basicAuth: CommonOptions["basicAuth"],
  bearerToken: string | undefined,
): string | null {
  if (bearerToken !== undefined) return `Bearer ${bearerToken}`;
  if (basicAuth === undefined) return null;
  const { username, password } = basicAuth;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Says what is wrong with the name of a header, or null. */
export function problemOfHeaderName(name: string): string | null {
  if (!/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name)) {
    return "is not the name of a header: write letters, digits and -, such as X-Scope-OrgID";
  }
  return RESERVED.test(name) ? "is a header that every request has already: take it out" : null;
}

/** Says what is wrong with the value of a header, or null. Never quotes it. */
export function problemOfHeaderValue(value: string): string | null {
  if (value === "") return "is empty";
  if (value.length > MAX_VALUE) return `is longer than ${MAX_VALUE} characters`;
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)
    ? null
    : "is not the value of a header: write printable ASCII in one line, with no space around it (value not shown)";
}

/** Says what is wrong with a user name for basic authentication, or null. Never quotes it. */
export function problemOfUsername(username: string): string | null {
  if (username.includes(":")) return "has a colon, which ends a user name (value not shown)";
  return problemOfPassword(username);
}

/** Says what is wrong with a password, or null. Never quotes it. */
export function problemOfPassword(password: string): string | null {
  if (password === "") return "is empty";
  return /^\P{C}{1,1024}$/u.test(password)
    ? null
    : "has a control character in it, or more than 1024 characters (value not shown)";
}

/** Says what is wrong with a bearer token, or null. Never quotes it. */
export function problemOfBearerToken(token: string): string | null {
  if (token === "") return "is empty";
  return /^[\w.~+/-]+=*$/.test(token) && token.length <= MAX_VALUE
    ? null
    : 'is not a bearer token: write the token alone, without "Bearer" (value not shown)';
}
