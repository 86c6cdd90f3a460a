import { expect, test } from "vitest";

import { isHttpEvent, readHttpRequest } from "../../../functions/audit/http-request.ts";

interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
  readonly queryParameters?: unknown;
}

/** An event of an HTTP trigger. https://www.alibabacloud.com/help/en/functioncompute/fc-3-0/user-guide/http-trigger-invoking-function */
function eventOf({ method = "POST", ...rest }: Sent): object {
  return { version: "v1", requestContext: { http: { method, path: "/" } }, ...rest };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test.each<[object, boolean]>([
  [eventOf({}), true],
  [{}, false],
  [{ regions: ["cn-a"] }, false],
  [{ requestContext: {} }, false],
  [{ requestContext: { http: { method: 7 } } }, false],
])("%j comes from an HTTP trigger: %s", (event, is) => expect(isHttpEvent(event)).toBe(is));

test.each<[Sent, object, string]>([
  [{}, {}, "json"],
  [{ method: "GET" }, {}, "json"],
  [{ method: "get", body: null, isBase64Encoded: null, queryParameters: null }, {}, "json"],
  [{ body: "" }, {}, "json"],
  [{ body: '{"regions":["cn-a"]}' }, { regions: ["cn-a"] }, "json"],
  [{ body: base64('{"regions":["cn-a"]}'), isBase64Encoded: true }, { regions: ["cn-a"] }, "json"],
  [{ method: "GET", queryParameters: { format: "table" } }, {}, "table"],
])("%j is read", (sent, values, format) => {
  expect(readHttpRequest(eventOf(sent))).toMatchObject({ layer: { values }, format });
});

test("regions in the query are written as in the body", () => {
  const { layer } = readHttpRequest(eventOf({ queryParameters: { regions: "cn-a,cn-b" } }));
  expect(layer.values).toEqual({ regions: ["cn-a", "cn-b"] });
});

test.each<[Sent, number, string]>([
  [{ method: "PUT" }, 405, "Use GET or POST."],
  [{ method: "" }, 405, "Use GET or POST."],
  [{ method: "GET", body: "{}" }, 400, "A GET has no body."],
  [{ body: 7 }, 400, "The request is not one of an HTTP trigger."],
  [{ queryParameters: "format=json" }, 400, "The request is not one of an HTTP trigger."],
  [{ body: "{" }, 400, "body: is not JSON."],
  [{ body: "[]" }, 400, "body: is not an object."],
  [{ body: "not base64!", isBase64Encoded: true }, 400, "The body is not base64."],
  [{ body: '{"region":[]}' }, 400, "body.region"],
  [{ queryParameters: { format: "xml" } }, 400, "query.format: must be one of "],
  [{ queryParameters: { format: "constructor" } }, 400, "query.format: must be one of "],
  [{ queryParameters: { format: ["json"] } }, 400, "query.format: must be a text"],
  [{ queryParameters: { formt: "json" } }, 400, "query.formt: is not known: those known are "],
  [{ queryParameters: { constructor: "x" } }, 400, "is not known"],
  [{ queryParameters: { regions: "CN-A" } }, 400, "query.regions"],
  [
    { body: '{"regions":["cn-a"]}', queryParameters: { regions: "cn-a" } },
    400,
    "The regions are in the query and in the body: write them once.",
  ],
])("%j is refused: %i %s", (sent, status, message) => {
  expect(() => readHttpRequest(eventOf(sent))).toThrow(
    expect.objectContaining({
      name: "HttpError",
      status,
      message: expect.stringContaining(message),
    }),
  );
});

test("a body that is too large is refused before it is parsed", () => {
  const body = " ".repeat(200_000);
  expect(() => readHttpRequest(eventOf({ body }))).toThrow(
    expect.objectContaining({ status: 413, message: expect.stringContaining("larger than") }),
  );
});

test("a name that may be a secret is not repeated", () => {
  const queryParameters = { LTAI5tSecretKey0001: "1" };
  expect(() => readHttpRequest(eventOf({ queryParameters }))).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^query\.\(name not shown\): /) }),
  );
});
