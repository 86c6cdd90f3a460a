import * as v from "valibot";

import { isRegionId } from "../audit/scope.ts";

/** An answer came, but it is not what the operation answers. */
export class MalformedAnswerError extends Error {
  override readonly name = "MalformedAnswerError";
  readonly requestId: string | null;

  constructor(message: string, requestId: string | null) {
    super(message);
    this.requestId = requestId;
  }
}

/** An answer came with HTTP 200, and says itself that the operation failed. */
export class RefusedAnswerError extends Error {
  override readonly name = "RefusedAnswerError";
  readonly statusCode = 200;
  readonly code: string | undefined;
  readonly requestId: string | null;

  /** @param message - the service's own: never shown */
  constructor(code: string | undefined, message: string, requestId: string | null) {
    super(message);
    this.code = code;
    this.requestId = requestId;
  }
}

/** The body of an answer: every operation's holds the id of the request. */
export type AnswerSchema = v.GenericSchema<unknown, { RequestId?: string | undefined }>;

/** `Enabled` must be a boolean: the SDK's model would make one of `"false"` or 0. */
export const FlowLogServiceStatus = v.object({
  RequestId: v.optional(v.string()),
  Enabled: v.boolean(),
});

/** A name is only shown: one that is missing or odd is as good as none. */
const LocalName = v.fallback(
  v.optional(
    v.pipe(v.string(), v.nonEmpty(), v.maxLength(64), v.regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u)),
  ),
  undefined,
);

/** Region ids become part of host names, and of commands that people paste. */
export const Regions = v.object({
  RequestId: v.optional(v.string()),
  Regions: v.object({
    Region: v.pipe(
      v.array(v.object({ RegionId: v.pipe(v.string(), v.check(isRegionId)), LocalName })),
      v.minLength(1),
    ),
  }),
});

export const CallerIdentity = v.object({
  RequestId: v.optional(v.string()),
  AccountId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  Arn: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,512}$/)),
});

/**
 * Reads the body of an answer as it came over the wire, before the SDK's models cast it.
 *
 * @throws {@link MalformedAnswerError} when the HTTP status is not 200 or the body does not fit
 * @throws {@link RefusedAnswerError} when the body reports a failure, whatever else stands in it
 */
export function readAnswer<S extends AnswerSchema>(
  schema: S,
  answer: { readonly statusCode?: unknown; readonly body?: unknown },
): v.InferOutput<S> {
  const { statusCode, body } = answer;
  const requestId = requestIdOf(body);
  if (statusCode !== 200) {
    const told = `HTTP ${String(statusCode)}, where 200 is the only answer.`;
    throw new MalformedAnswerError(told, requestId);
  }
  assertNotRefused(body, requestId);
  const parsed = v.safeParse(schema, body);
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? "the body";
    throw new MalformedAnswerError(`${field} is missing or of the wrong type.`, requestId);
  }
  return parsed.output;
}

function requestIdOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("RequestId" in body)) return null;
  return typeof body.RequestId === "string" ? body.RequestId : null;
}

/** The fields by which operations say whether they succeeded, in any case. */
const CODE = /^(error)?code$/i;
const SUCCESS = /^(is)?success$/i;
const MESSAGE = /^(error)?message$/i;

function assertNotRefused(body: unknown, requestId: string | null): void {
  const fields: [string, unknown][] = Object.entries(Object(body));
  if (!fields.some(([key]) => CODE.test(key) || SUCCESS.test(key))) return;
  const valuesOf = (name: RegExp): string[] =>
    fields.flatMap(([key, value]) => (name.test(key) ? textOf(value) : []));
  const code = valuesOf(CODE).find(
    (value) => !/^(ok|success(ful)?|succeeded|0|2\d\d)$/i.test(value),
  );
  const denies = valuesOf(SUCCESS).some((value) => /^(false|0|no)$/i.test(value));
  if (code === undefined && !denies) return;
  throw new RefusedAnswerError(code, valuesOf(MESSAGE).join(" "), requestId);
}

/** Nothing of what is empty, missing or no single value. */
function textOf(value: unknown): string[] {
  const isOne = ["string", "number", "boolean"].includes(typeof value);
  const text = isOne ? String(value).trim() : "";
  return text === "" ? [] : [text];
}
