import { describe, expect, test } from "vitest";

import {
  type AnswerSchema,
  MalformedAnswerError,
  readAnswer,
  RefusedAnswerError,
} from "../../../../shared/alibaba/sdk/read-answer.ts";
import { CallerIdentity } from "../../../../shared/alibaba/sts.ts";
import { FlowLogServiceStatus, Regions } from "../../../../shared/alibaba/vpc.ts";

/** An answer of each action, as the documentation has it. */
const ANSWERS = [
  ["GetFlowLogServiceStatus", FlowLogServiceStatus, { Enabled: true }],
  ["DescribeRegions", Regions, { Regions: { Region: [{ RegionId: "cn-hangzhou" }] } }],
  [
    "GetCallerIdentity",
    CallerIdentity,
    { AccountId: "1234567890123456", Arn: "acs:ram::1234567890123456:user/auditor" },
  ],
] as const;

const REQUEST_ID = "7A1C3F40-0000-4000-8000-000000000001";

describe.each(ANSWERS)("the answer of %s", (_action, schema, body) => {
  const read = (fields: object, statusCode = 200): unknown =>
    readAnswer(schema, { statusCode, body: { RequestId: REQUEST_ID, ...body, ...fields } });

  test.each([
    {},
    { Success: true },
    { Success: "true", Code: "200", Message: "" },
    { Code: 200 },
    { Code: "OK" },
    { code: "ok" },
    { Code: "Success" },
    { Code: "Succeeded" },
    { Code: 0 },
    { Code: "", ErrorCode: "" },
    { Code: null, Success: null },
    { Message: "internal error" },
    { Code: " OK " },
    { ZipCode: "Throttling", SuccessCount: 0, Successful: false },
  ])("with %j is read", (fields) => {
    expect(read(fields)).toMatchObject(body);
  });

  test.each([
    [{ Success: false }, undefined],
    [{ success: false }, undefined],
    [{ Success: "false" }, undefined],
    [{ SUCCESS: "False" }, undefined],
    [{ IsSuccess: false }, undefined],
    [{ Success: "no" }, undefined],
    [{ Success: " false " }, undefined],
    [{ Success: 0 }, undefined],
    [{ Code: "Throttling" }, "Throttling"],
    [{ code: "Throttling" }, "Throttling"],
    [{ ErrorCode: "Forbidden" }, "Forbidden"],
    [{ errorCode: "Forbidden", Code: "OK" }, "Forbidden"],
    [{ Success: true, Code: "OKAY.NOT" }, "OKAY.NOT"],
    [{ Code: 500 }, "500"],
    [{ Code: -1 }, "-1"],
    [{ Code: "2000" }, "2000"],
  ])("with %j is refused", (fields, code) => {
    expect(() => read({ ...fields, Message: "Why it failed." })).toThrow(
      expect.objectContaining({
        name: "RefusedAnswerError",
        message: "Why it failed.",
        code,
        statusCode: 200,
        requestId: REQUEST_ID,
      }),
    );
    // An answer with another status is invalid, whatever its body.
    expect(() => read(fields, 202)).toThrow(MalformedAnswerError);
  });

  test.each([[null], ["false"], [[]], [["Success", false]]])("of %j is malformed", (nothing) => {
    const readBody = (): unknown => readAnswer(schema, { statusCode: 200, body: nothing });
    expect(readBody).toThrow(MalformedAnswerError);
    expect(readBody).not.toThrow(RefusedAnswerError);
  });
});

/** @returns the value; or, where it is malformed, the problem */
function read(schema: AnswerSchema, body: unknown): unknown {
  try {
    return readAnswer(schema, { statusCode: 200, body });
  } catch (error) {
    if (!(error instanceof MalformedAnswerError)) throw error;
    return error.message;
  }
}

test.each(["true", "false", 1, 0, null, undefined, [true]])(
  "Enabled %j is not a boolean",
  (Enabled) => {
    expect(read(FlowLogServiceStatus, { Enabled })).toBe(
      "Enabled is missing or of the wrong type.",
    );
  },
);

test.each([null, "false", 7])("the body %j has none of its fields", (body) => {
  expect(read(FlowLogServiceStatus, body)).toBe(
    body === null || typeof body !== "object"
      ? "the body is missing or of the wrong type."
      : "Enabled is missing or of the wrong type.",
  );
});

// A region id becomes part of a host name.
test.each(["", "CN-A", "evil.example/x", "cn-a\n", "--help", 7, null, undefined])(
  "the region id %j is malformed",
  (RegionId) => {
    expect(read(Regions, { Regions: { Region: [{ RegionId: "cn-a" }, { RegionId }] } })).toBe(
      "Regions.Region.1.RegionId is missing or of the wrong type.",
    );
  },
);

test("a list without a region is malformed: every account has regions", () => {
  expect(read(Regions, { Regions: { Region: [] } })).toBe(
    "Regions.Region is missing or of the wrong type.",
  );
});

test.each<[name: unknown, read: string | undefined]>([
  ["China (Hangzhou)", "China (Hangzhou)"],
  ["华东1(杭州)", "华东1(杭州)"],
  ["x".repeat(64), "x".repeat(64)],
  ["x".repeat(65), undefined],
  ["", undefined],
  ["\u001b[2J", undefined],
  ["right to \u202eleft", undefined],
  ["half a pair \ud800", undefined],
  [7, undefined],
])("the name %j of a region is read as %j", (LocalName, expected) => {
  expect(read(Regions, { Regions: { Region: [{ RegionId: "cn-a", LocalName }] } })).toEqual({
    Regions: { Region: [{ RegionId: "cn-a", LocalName: expected }] },
  });
});

test.each<[field: string, value: unknown, isValid: boolean]>([
  ["AccountId", "1".repeat(64), true],
  ["AccountId", "1".repeat(65), false],
  ["AccountId", "", false],
  ["AccountId", "1234 5678", false],
  ["AccountId", "1234\n", false],
  ["AccountId", 1234567890123456, false],
  ["Arn", "acs:ram::1:user/~!", true],
  ["Arn", "a".repeat(512), true],
  ["Arn", "a".repeat(513), false],
  ["Arn", "", false],
  ["Arn", "acs:ram::1:user/a b", false],
  ["Arn", "acs:ram::1:user/\u007f", false],
])("%s %j of the caller is valid: %s", (field, value, isValid) => {
  const identity = { AccountId: "1", Arn: "acs:ram::1:user/a", [field]: value };
  expect(read(CallerIdentity, identity)).toEqual(
    isValid ? identity : `${field} is missing or of the wrong type.`,
  );
});

test.each<[id: unknown, requestId: string | null]>([
  ["REQUEST-1", "REQUEST-1"],
  [7, null],
  [undefined, null],
])("of the request id %j the evidence is %j", (RequestId, requestId) => {
  const answer = { statusCode: 500, body: { RequestId } };
  expect(() => readAnswer(FlowLogServiceStatus, answer)).toThrow(
    expect.objectContaining({
      message: "HTTP 500, where 200 is the only answer.",
      requestId,
    }),
  );
});

test("the texts of a refusal are kept, from whichever field", () => {
  const body = { Success: false, Message: "Why.", errorMessage: " And how. " };
  expect(() => readAnswer(FlowLogServiceStatus, { statusCode: 200, body })).toThrow(
    expect.objectContaining({ name: "RefusedAnswerError", message: "Why. And how." }),
  );
});
