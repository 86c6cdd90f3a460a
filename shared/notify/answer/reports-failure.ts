import type { ReceiverAnswer } from "./receiver-answer.ts";

/**
 * Whether the body of a 2xx answer reports that the message was not accepted: a log-in page
 * of a proxy, an error in JSON, or one in a few words, as vendors and gateways answer. Any
 * other body is a success; an empty one is the most common.
 */
export function reportsFailure({
  text,
  headers,
}: Pick<ReceiverAnswer, "text" | "headers">): boolean {
  const body = text.trim();
  if (body.startsWith("<")) return isPage(body, /xml/.test(headers["content-type"] ?? ""));
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return saysNo(body) || UNRECORDED.test(body);
  }
  return [answer].flat().some(isFailure);
}

/** Whether an answer is markup: most often a page of a proxy or a gateway. */
export function looksLikePage(text: string): boolean {
  return text.trimStart().startsWith("<");
}

/** Markup other than XML is a page for people. XML may be any answer, so only an error element counts. */
function isPage(body: string, isDeclared: boolean): boolean {
  const root = body.replaceAll(/^\s*(<\?xml[^>]*>|<!--.*?-->)\s*/gis, "");
  const isXml = (isDeclared || body.startsWith("<?xml")) && !/^<(!doctype )?html/i.test(root);
  return !isXml || /^<(\w+:)?(error|fault)\b/i.test(root);
}

/** How healthchecks.io answers, with HTTP 200, a ping that it has ignored. */
const UNRECORDED = /^ok \((not found|rate limited)\)/i;

type Fields = Readonly<Record<string, unknown>>;

function isFailure(answer: unknown): boolean {
  if (typeof answer === "string") return saysNo(answer);
  if (typeof answer !== "object" || answer === null) return answer === false;
  const fields: Fields = { ...answer };
  const { message, msg, errmsg, detail, data, result, response, body } = fields;
  const said = [message, msg, errmsg, detail, fields["text"], fields["title"]];
  return (
    deniesSuccess(fields) ||
    [data, result, response, body].some((inner) => deniesSuccess({ ...Object(inner) })) ||
    (!said.some(saysYes) && CODES.some((name) => isFailureCode(fields[name]))) ||
    isFailureStatus(fields["status"]) ||
    STATES.some((name) => isFailureWord(fields[name])) ||
    (!affirmsSuccess(fields) && said.some(saysNo))
  );
}

/** Checks that apply also one level down, where gateways put the answer of the vendor behind them. */
function deniesSuccess(fields: Fields): boolean {
  const { ok, success, errcode } = fields;
  return (
    [ok, success].some(isNo) ||
    isFailureCode(errcode) ||
    ERRORS.some((name) => isSomething(fields[name]))
  );
}

function affirmsSuccess({ ok, success, errcode, code, status }: Fields): boolean {
  return (
    ok === true ||
    success === true ||
    [errcode, code].some((value) => numberOf(value) === 0) ||
    saysYes(status)
  );
}

const CODES = [
  "code",
  "errcode",
  "StatusCode",
  "statusCode",
  "status_code",
  "errorCode",
  "error_code",
  "errno",
];
const STATES = ["status", "result", "state", "outcome", "code"];
const ERRORS = ["error", "errors", "errorMessage", "error_message", "errorType", "exception"];

function isNo(value: unknown): boolean {
  return value === false || value === 0 || value === "false";
}

/** A number, or digits, that is neither 0 nor a 2xx. */
function isFailureCode(code: unknown): boolean {
  const number = numberOf(code);
  return number !== null && number !== 0 && (number < 200 || number > 299);
}

function numberOf(code: unknown): number | null {
  if (typeof code === "number") return code;
  return typeof code === "string" && /^-?\d+$/.test(code) ? Number(code) : null;
}

/** An HTTP status, or a vendor's code. A small number may mean success or failure. */
function isFailureStatus(status: unknown): boolean {
  return Number(numberOf(status)) >= 400;
}

function isFailureWord(state: unknown): boolean {
  return state === false || (typeof state === "string" && FAILURE.test(state.trim()));
}

function isSomething(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return (
    Boolean(value) && !/^(0|false|none|null|no error)$/i.test(String(value)) && !saysYes(value)
  );
}

/** How states and codes in words begin, `AccessDenied` in one word too. */
const FAILURE =
  /^(error|fail|den(y|ied)|access ?denied|reject|refus|invalid|un(authori[sz]ed|authenticated)|forbidden|disabled|not[ _-]?(ok|found|authori[sz]ed|allowed)|bad[ _-]?request|time(d ?|-)?out|(err|no|ng|nok|ko|false)$)/i;

/** Sentences that report a failure: by how they begin, or by words anywhere in them. */
const NO =
  /^(error|failed|failure|fail$|unauthori[sz]ed|unauthenticated|forbidden|invalid|missing|denied|rejected|false$|not (authori[sz]ed|authenticated|found|allowed|logged in)|(access|permission) denied|bad (request|gateway)|internal (server )?error|server error|service (temporarily )?unavailable|method not allowed|too many requests|(rate|quota|limit) .*exceeded|(gateway|endpoint request) time(d |-)?out|(please )?(log|sign) ?in\b|no such )|\b(is|are|was|were) not (authori[sz]ed|authenticated|allowed|permitted|found|registered|provided)\b|\b(verification|authentication|authori[sz]ation|validation) (failed|required)\b|do(es)? not have permission|未授权|未登录|请登录|无权限|没有权限|失败|错误|系统繁忙/i;
const YES = /^(ok|okay|success|successful(ly)?|succeeded|accepted)[.!]?$|成功/i;

/** A longer text counts as an echo of the message, which some receivers answer with. */
const MAX_SENTENCE = 200;

function saysNo(value: unknown): boolean {
  return (
    typeof value === "string" &&
    value.length <= MAX_SENTENCE &&
    NO.test(value.trim()) &&
    !saysYes(value)
  );
}

function saysYes(value: unknown): boolean {
  return typeof value === "string" && value.length <= MAX_SENTENCE && YES.test(value.trim());
}
