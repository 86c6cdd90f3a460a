/**
 * Whether the body of a 2xx answer says that the message was not taken after all. Chat vendors do
 * that, and the gateways before them pass it on. A body that is no JSON object says nothing.
 */
export function reportsFailure(text: string): boolean {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return false;
  }
  return [answer].flat().some(isFailure);
}

function isFailure(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  const { ok, success, errcode, code, StatusCode, status, error, errors }: Record<string, unknown> =
    { ...answer };
  return (
    [ok, success].some(isNo) ||
    [errcode, code, StatusCode].some(isFailureCode) ||
    Number(status) >= 400 ||
    /^(error|fail|failed|failure)$/i.test(String(status)) ||
    [error, errors].some(isSomething)
  );
}

function isNo(value: unknown): boolean {
  return value === false || value === 0 || value === "false";
}

/** A number, or digits, that is neither 0 nor a 2xx. */
function isFailureCode(code: unknown): boolean {
  const number = typeof code === "number" ? code : Number.parseInt(String(code), 10);
  return !Number.isNaN(number) && number !== 0 && (number < 200 || number > 299);
}

function isSomething(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value) && value !== "0";
}

/** Whether an answer is a web page: a log-in or an error of something that stands between. */
export function looksLikePage(text: string): boolean {
  return text.trimStart().startsWith("<");
}
