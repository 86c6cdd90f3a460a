import type { Report } from "../../shared/audit/report.ts";
import { RunError } from "../../shared/audit/run-error.ts";
import { FORMATS, type FormatName, formatOf } from "../../shared/report/formats.ts";
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
export async function reportResponse(report: Report, format: FormatName): Promise<HttpResponse> {
  const { contentType, render } = formatOf(format);
  const cards = await loadRules(report.rules.map(({ id }) => id));
  return respond(200, contentType, await render(report, { color: false, cards }));
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

function respond(statusCode: number, contentType: string, body: string): HttpResponse {
  const headers = { "content-type": contentType, "cache-control": "no-store" };
  return { statusCode, headers, body, isBase64Encoded: false };
}
