import { describe, expect, test } from "vitest";

import {
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
  ])("with %j is read", (fields) => {
    expect(read(fields)).toMatchObject(body);
  });

  test.each([
    [{ Success: false }, undefined],
    [{ success: false }, undefined],
    [{ Success: "false" }, undefined],
    [{ SUCCESS: "False" }, undefined],
    [{ IsSuccess: false }, undefined],
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
    // An answer with another status is none, whatever stands in it.
    expect(() => read(fields, 202)).toThrow(MalformedAnswerError);
  });

  test.each([[null], ["false"], [[]], [["Success", false]]])("of %j is malformed", (nothing) => {
    const readBody = (): unknown => readAnswer(schema, { statusCode: 200, body: nothing });
    expect(readBody).toThrow(MalformedAnswerError);
    expect(readBody).not.toThrow(RefusedAnswerError);
  });
});
