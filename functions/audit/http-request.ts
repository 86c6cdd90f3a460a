import * as v from "valibot";

import { ConfigError } from "../../shared/audit/run-error.ts";
import type { ConfigLayer } from "../../shared/config/layer.ts";
import { layerOf, parseObject } from "../../shared/function-compute/run-request.ts";
import { isHarmless } from "../../shared/harmless.ts";
import { FORMATS, type FormatName } from "../../shared/report/formats.ts";
import { HttpError } from "./http-error.ts";

/** Larger than any list of regions. */
const MAX_BODY_BYTES = 64 * 1_024;
const PARAMETERS = ["regions", "format"];

/** What an HTTP request asks for. */
export interface AuditHttpRequest {
  readonly layer: ConfigLayer;
  readonly format: FormatName;
}

/** An HTTP trigger's event, as far as it is used here. */
const HttpEvent = v.object({
  body: v.optional(v.string(), ""),
  isBase64Encoded: v.optional(v.boolean(), false),
  queryParameters: v.optional(v.record(v.string(), v.string()), {}),
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
});

/** Whether an event comes from an HTTP trigger. */
export function isHttpEvent(event: object): boolean {
  return "requestContext" in event;
}

/**
 * Reads an HTTP trigger's event.
 *
 * @throws {@link HttpError} when the method, a parameter or the body is not one that is taken
 */
export function readHttpRequest(event: object): AuditHttpRequest {
  const parsed = v.safeParse(HttpEvent, event);
  if (!parsed.success) throw new HttpError(400, "The event is none of an HTTP trigger.");
  const { body, isBase64Encoded, queryParameters, requestContext } = parsed.output;
  const method = requestContext.http.method.toUpperCase();
  if (method !== "GET" && method !== "POST") {
    throw new HttpError(405, "Use GET or POST.");
  }
  const content = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (content.length > MAX_BODY_BYTES) {
    throw new HttpError(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  }
  if (method === "GET" && content.length > 0) throw new HttpError(400, "A GET has no body.");
  return {
    layer: layerFrom(queryParameters, content.toString("utf8")),
    format: formatFrom(queryParameters),
  };
}

function layerFrom({ regions, ...query }: Record<string, string>, body: string): ConfigLayer {
  const unknown = Object.keys(query).find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    const name = isHarmless(unknown) ? unknown : "(name not shown)";
    throw new HttpError(
      400,
      `query.${name}: is not known: those known are ${PARAMETERS.join(", ")}`,
    );
  }
  try {
    const asked = parseObject(body, "body");
    if (regions !== undefined && "regions" in asked) {
      throw new HttpError(400, "The regions are in the query and in the body: write them once.");
    }
    const layer =
      regions === undefined ? layerOf(asked, "body") : layerOf({ ...asked, regions }, "query");
    if (layer.problems.length > 0) throw new ConfigError(layer.problems);
    return layer;
  } catch (error) {
    if (error instanceof ConfigError) throw new HttpError(400, error.message, { cause: error });
    throw error;
  }
}

function formatFrom({ format = "json" }: Record<string, string>): FormatName {
  const known = Object.keys(FORMATS).find((name): name is FormatName => name === format);
  if (known !== undefined) return known;
  throw new HttpError(400, `query.format: must be one of ${Object.keys(FORMATS).join(", ")}.`);
}
