import type { Report } from "../../shared/audit/report.ts";
import { RunError } from "../../shared/audit/run-error.ts";
import { FORMATS, type FormatName, formatOf } from "../../shared/report/formats.ts";
import { loadWords } from "../../shared/report/words/load-words.ts";
import type { ReportLanguage } from "../../shared/report/words/report-words.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import { HttpError } from "./http-error.ts";

/** An HTTP answer, in the form that Function Compute expects of a handler. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** The answer where the audit ran: the HTTP status is 200 whatever the findings, which are in the body. */
export async function reportResponse(
  report: Report,
  format: FormatName,
  language: ReportLanguage | null = null,
): Promise<HttpResponse> {
  const { contentType, extension, render } = formatOf(format);
  const cards = await loadRules(report.rules.map(({ id }) => id));
  const words = language === null ? {} : { words: await loadWords(language) };
  const body = await render(report, { color: false, cards, ...words });
  const day = report.finishedAt.slice(0, "2027-03-31".length);
  return respond(200, contentType, body, {
    "content-disposition": `inline; filename="flowlog-guard-${day}.${extension}"`,
    ...(format === "html" && { "content-security-policy": PAGE_POLICY }),
  });
}

/**
 * The answer where the audit did not run: the request is wrong (4xx), or the function is (500).
 *
 * @param isBadRequest - whether the caller has to change the request
 */
export function errorResponse(error: unknown, isBadRequest: boolean): HttpResponse {
  const fallback = isBadRequest ? 400 : 500;
  const status = error instanceof HttpError ? error.status : fallback;
  const shown =
    error instanceof RunError
      ? { name: error.name, message: error.message }
      : { name: "Error", message: "internal error" };
  const response = respond(
    status,
    FORMATS.json.contentType,
    `${JSON.stringify({ error: shown })}\n`,
  );
  return status === 405
    ? { ...response, headers: { ...response.headers, allow: "GET, POST" } }
    : response;
}

/**
 * What the page may not do in a browser. It forbids all but this itself, by a policy with the hashes of
 * its script and style; that nothing may frame it can only be said here.
 *
 * @see https://www.w3.org/TR/CSP3/#directive-frame-ancestors
 */
const PAGE_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

function respond(
  statusCode: number,
  contentType: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): HttpResponse {
  const headers = {
    "content-type": contentType,
    "cache-control": "no-store",
    // The answer depends on it: a cache may not give a page to a program.
    vary: "accept",
    "x-content-type-options": "nosniff",
    ...more,
  };
  return { statusCode, headers, body, isBase64Encoded: false };
}
