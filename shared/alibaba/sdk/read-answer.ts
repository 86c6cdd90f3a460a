import * as v from "valibot";

/** The answer does not have the form that the operation documents. */
export class MalformedAnswerError extends Error {
  override readonly name = "MalformedAnswerError";
  readonly requestId: string | null;

  constructor(message: string, requestId: string | null) {
    super(message);
    this.requestId = requestId;
  }
}

/** The body of the answer reports a failure: the SDK throws none for HTTP status 200. */
export class RefusedAnswerError extends Error {
  override readonly name = "RefusedAnswerError";
  readonly code: string | undefined;
  readonly requestId: string | null;
  readonly statusCode: number;

  /** @param message - the service's own text, which must not be shown */
  constructor(
    code: string | undefined,
    message: string,
    requestId: string | null,
    statusCode = 200,
  ) {
    super(message);
    this.code = code;
    this.requestId = requestId;
    this.statusCode = statusCode;
  }
}

/** The body of an answer. Every operation returns the request id in it. */
export type AnswerSchema = v.GenericSchema<unknown, { RequestId?: string | undefined }>;

/**
 * Validates the raw body of an answer, before the SDK's models cast it.
 *
 * @throws {@link MalformedAnswerError} when the HTTP status is not 200, or the body does not match
 * @throws {@link RefusedAnswerError} when the body reports a failure, whatever else it contains
 */
export function readAnswer<S extends AnswerSchema>(
  schema: S,
  answer: { readonly statusCode?: unknown; readonly body?: unknown },
): v.InferOutput<S> {
  const { statusCode, body } = answer;
  const requestId = requestIdOf(body);
  if (statusCode !== 200) {
    throw new MalformedAnswerError(
      `HTTP ${String(statusCode)}, where 200 is the only answer.`,
      requestId,
    );
  }
  assertNotRefused(body, requestId);
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue) ?? "the body";
    throw new MalformedAnswerError(`${field} ${problemOf(issue)}.`, requestId);
  }
  return parsed.output;
}

/** What a check of our own says; valibot's own text could quote the answer. */
function problemOf({ type, message }: v.BaseIssue<unknown>): string {
  const isOwn = type === "check" && !message.startsWith("Invalid input");
  return isOwn ? message : "is missing or of the wrong type";
}

function requestIdOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("RequestId" in body)) return null;
  return typeof body.RequestId === "string" ? body.RequestId : null;
}

/** The fields in which operations report success or failure, in any case. */
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

/** The value as text; nothing for a missing, empty or composite value. */
function textOf(value: unknown): string[] {
  const isScalar = ["string", "number", "boolean"].includes(typeof value);
  const text = isScalar ? String(value).trim() : "";
  return text === "" ? [] : [text];
}
