import { expect, test } from "vitest";

import { isHttpEvent, readHttpRequest } from "../../../functions/audit/http-request.ts";

interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
  readonly queryParameters?: unknown;
  readonly headers?: unknown;
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
  [{ queryParameters: { format: "csv" }, headers: { Accept: "text/html" } }, {}, "csv"],
  [{ headers: null }, {}, "json"],
  [{ headers: { Accept: ["text/html", 7] } }, {}, "html"],
  [{ headers: { "x-accept": "text/html" } }, {}, "json"],
  ...["Accept", "accept", "ACCEPT"].map((name): [Sent, object, string] => [
    { headers: { [name]: "text/html" } },
    {},
    "html",
  ]),
])("%j is read", (sent, values, format) => {
  expect(readHttpRequest(eventOf(sent))).toMatchObject({ layer: { values }, format });
});

test.each<[Sent, object]>([
  [{ queryParameters: { regions: "cn-a,cn-b" } }, { regions: ["cn-a", "cn-b"] }],
  [
    { queryParameters: { rules: "vpc-flow-log-active,flow-log-service-activated" } },
    { rules: ["flow-log-service-activated", "vpc-flow-log-active"] },
  ],
  [
    { queryParameters: { regions: "cn-a" }, body: '{"rules":["flow-log-retention"]}' },
    { regions: ["cn-a"], rules: ["flow-log-retention"] },
  ],
  [
    { queryParameters: { rules: "flow-log-retention", regions: "cn-a", format: "table" } },
    { regions: ["cn-a"], rules: ["flow-log-retention"] },
  ],
  [
    { queryParameters: { accounts: "prod-*,!1234567890123456" } },
    { accounts: { entries: null, selectors: ["prod-*", "!1234567890123456"] } },
  ],
])("regions, accounts and rules in the query are written as in the body: %j", (sent, values) => {
  expect(readHttpRequest(eventOf(sent)).layer).toEqual({ values, problems: [] });
});

test.each<[Sent, number, string]>([
  [{ method: "PUT" }, 405, "Use GET or POST."],
  [{ method: "" }, 405, "Use GET or POST."],
  [{ method: "GET", body: "{}" }, 400, "A GET has no body."],
  [{ body: 7 }, 400, "The request is not one of an HTTP trigger."],
  [{ queryParameters: "format=json" }, 400, "The request is not one of an HTTP trigger."],
  [{ headers: "accept: text/html" }, 400, "The request is not one of an HTTP trigger."],
  [{ body: "{" }, 400, "body: is not JSON."],
  [{ body: "[]" }, 400, "body: is not an object."],
  [{ body: "not base64!", isBase64Encoded: true }, 400, "The body is not base64."],
  [{ body: '{"region":[]}' }, 400, "body.region"],
  [{ queryParameters: { format: "xml" } }, 400, "query.format: must be one of "],
  [{ queryParameters: { format: "constructor" } }, 400, "query.format: must be one of "],
  [{ queryParameters: { format: ["json"] } }, 400, "query.format: must be a text"],
  [
    { queryParameters: { formt: "json" } },
    400,
    "query.formt: is not known: those known are regions, accounts, rules, format",
  ],
  [{ queryParameters: { constructor: "x" } }, 400, "is not known"],
  [{ queryParameters: { regions: "CN-A" } }, 400, "query.regions"],
  [{ queryParameters: { rules: "" } }, 400, "query.rules: is empty"],
  [
    { queryParameters: { rules: "flow-log-retentoin" } },
    400,
    'query.rules[0]: "flow-log-retentoin" is not a rule: did you mean flow-log-retention?',
  ],
  [
    { body: '{"rule":"all"}', queryParameters: { regions: "CN-A" } },
    400,
    "body.rule: is not a known key: did you mean rules?",
  ],
  [
    { body: '{"rules":["all"]}', queryParameters: { rules: "all" } },
    400,
    "The rules are in the query and in the body: write them once.",
  ],
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
