import * as v from "valibot";

import { ConfigError } from "../../shared/audit/run-error.ts";
import type { ConfigLayer } from "../../shared/config/layer.ts";
import { layerOf, parseObject } from "../../shared/entry/run-request.ts";
import { FORMAT_NAMES, type FormatName, formatOf } from "../../shared/report/formats.ts";
import { REPORT_LANGUAGES, type ReportLanguage } from "../../shared/report/words/report-words.ts";
import { isSafeToEcho } from "../../shared/text/safe-to-echo.ts";
import { HttpError } from "./http-error.ts";
import { prefersHtml } from "./prefers-html.ts";

/** Room for all regions and rules, and some 3,000 ids of accounts. */
const MAX_BODY_BYTES = 64 * 1_024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** The parameters that the body can have too. */
const SCOPE_PARAMETERS = ["regions", "accounts", "rules"];
const PARAMETERS = [...SCOPE_PARAMETERS, "format", "language"];

/** What an HTTP request asks for. */
export interface AuditHttpRequest {
  readonly layer: ConfigLayer;
  readonly format: FormatName;
  /** Null where none is asked for. */
  readonly language: ReportLanguage | null;
}

/** The part of an HTTP trigger's event that no other event has. */
const HttpTrigger = v.object({
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
});

/** Not a record, which ignores names such as "constructor". */
const anyObject = v.custom<object>((value) => Object(value) === value);

/** The part of an HTTP trigger's event that is used here. */
const HttpEvent = v.object({
  ...HttpTrigger.entries,
  body: v.nullish(v.string(), ""),
  isBase64Encoded: v.nullish(v.boolean(), false),
  headers: v.nullish(anyObject, {}),
  queryParameters: v.nullish(anyObject, {}),
});

/** Whether an event comes from an HTTP trigger. */
export function isHttpEvent(event: object): boolean {
  return v.is(HttpTrigger, event);
}

/**
 * Reads an HTTP trigger's event.
 *
 * @throws {@link HttpError} when the method, a parameter or the body is wrong
 */
export function readHttpRequest(event: object): AuditHttpRequest {
  const parsed = v.safeParse(HttpEvent, event);
  if (!parsed.success) throw new HttpError(400, "The request is not one of an HTTP trigger.");
  const { body, isBase64Encoded, headers, queryParameters, requestContext } = parsed.output;
  const method = requestContext.http.method.toUpperCase();
  if (method !== "GET" && method !== "POST") {
    throw new HttpError(405, "Use GET or POST.");
  }
  const content = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (content.length > MAX_BODY_BYTES) {
    throw new HttpError(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  }
  // After the check of the size: the pattern is too slow for megabytes.
  if (isBase64Encoded && !BASE64.test(body)) throw new HttpError(400, "The body is not base64.");
  if (method === "GET" && content.length > 0) throw new HttpError(400, "A GET has no body.");
  const query = readQuery(queryParameters);
  const accept = headerFrom(headers, "accept");
  const format = formatFrom(query.get("format")) ?? (prefersHtml(accept) ? "html" : "json");
  const layer = layerFrom(query, content.toString("utf8"));
  return { layer, format, language: languageFrom(query.get("language"), format) };
}

function readQuery(parameters: object): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of Object.entries(parameters)) {
    const shown = isSafeToEcho(name, PARAMETERS) ? name : "(name not shown)";
    if (!PARAMETERS.includes(name)) {
      const known = PARAMETERS.join(", ");
      throw new HttpError(400, `query.${shown}: is not known: those known are ${known}`);
    }
    if (typeof value !== "string") throw new HttpError(400, `query.${shown}: must be a text`);
    query.set(name, value);
  }
  return query;
}

function layerFrom(query: ReadonlyMap<string, string>, body: string): ConfigLayer {
  try {
    const inBody = parseObject(body, "body");
    const inQuery = [...query].filter(([name]) => SCOPE_PARAMETERS.includes(name));
    const twice = inQuery.find(([name]) => Object.hasOwn(inBody, name));
    if (twice !== undefined) {
      const [name] = twice;
      throw new HttpError(400, `The ${name} are in the query and in the body: write them once.`);
    }
    const ofQuery = layerOf(Object.fromEntries(inQuery), "query");
    const ofBody = layerOf(inBody, "body");
    const problems = [...ofQuery.problems, ...ofBody.problems];
    if (problems.length > 0) throw new ConfigError(problems);
    return { values: { ...ofBody.values, ...ofQuery.values }, problems };
  } catch (error) {
    if (error instanceof ConfigError) throw new HttpError(400, error.message, { cause: error });
    throw error;
  }
}

/** The format that the query names; null where it names none. */
function formatFrom(format: string | undefined): FormatName | null {
  if (format === undefined) return null;
  const known = FORMAT_NAMES.find((name) => name === format);
  if (known !== undefined) return known;
  throw new HttpError(400, `query.format: must be one of ${FORMAT_NAMES.join(", ")}.`);
}

/** The language that the query names; null where it names none. */
function languageFrom(language: string | undefined, format: FormatName): ReportLanguage | null {
  if (language === undefined) return null;
  const known = REPORT_LANGUAGES.find((name) => name === language);
  if (known === undefined) {
    throw new HttpError(400, `query.language: must be one of ${REPORT_LANGUAGES.join(", ")}.`);
  }
  if (formatOf(format).hasLanguages === true) return known;
  throw new HttpError(
    400,
    `query.language: a report in the format ${format} is the same in every language.`,
  );
}

/**
 * The value of a header, whose name may be in any case; empty where it is absent.
 *
 * @param name - in lower case
 */
function headerFrom(headers: object, name: string): string {
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]: [string, unknown]) => value);
  return values.filter((value) => typeof value === "string").join(",");
}
