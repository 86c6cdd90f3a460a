import type { Report } from "../../shared/audit/report.ts";
import { RunError } from "../../shared/audit/run-error.ts";
import { FORMATS, type FormatName } from "../../shared/report/formats.ts";
import { RULES } from "../../shared/rules/rules.ts";
import { HttpError } from "./http-error.ts";

/** What Function Compute turns into an HTTP answer. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

const CONTENT_TYPES: Readonly<Record<FormatName, string>> = {
  json: "application/json; charset=utf-8",
  table: "text/plain; charset=utf-8",
};

/** The audit ran: what it found is in the body, and no status of HTTP's says it. */
export function reportResponse(report: Report, format: FormatName): HttpResponse {
  const body = FORMATS[format](report, { color: false, cards: RULES });
  return respond(200, CONTENT_TYPES[format], body);
}

/**
 * The audit did not run: the request is wrong (4xx), or the function is (500).
 *
 * @param isBadRequest - whether the caller has to change the request
 */
export function errorResponse(error: unknown, isBadRequest: boolean): HttpResponse {
  const fallback = isBadRequest ? 400 : 500;
  const status = error instanceof HttpError ? error.status : fallback;
  const told =
    error instanceof RunError
      ? { name: error.name, message: error.message }
      : { name: "Error", message: "internal error" };
  const response = respond(status, CONTENT_TYPES.json, `${JSON.stringify({ error: told })}\n`);
  return status === 405
    ? { ...response, headers: { ...response.headers, allow: "GET, POST" } }
    : response;
}

function respond(statusCode: number, contentType: string, body: string): HttpResponse {
  const headers = { "content-type": contentType, "cache-control": "no-store" };
  return { statusCode, headers, body, isBase64Encoded: false };
}
