import { describe, expect, test } from "vitest";

import { errorCode } from "../../../shared/text/error-code.ts";

describe("errorCode", () => {
  test.each<[string, unknown, string | null]>([
    ["a system error", Object.assign(new Error("no"), { code: "ENOENT" }), "ENOENT"],
    ["a subclass of Error", Object.assign(new TypeError("no"), { code: "ERR_X" }), "ERR_X"],
    ["an error without a code", new Error("no"), null],
    ["an error whose code is a number", Object.assign(new Error("no"), { code: 20 }), null],
    ["an error whose code is undefined", Object.assign(new Error("no"), { code: undefined }), null],
    ["an object that is not an error", { code: "ENOENT" }, null],
    ["a text", "ENOENT", null],
    ["null", null, null],
    ["undefined", undefined, null],
  ])("of %s", (_what, error, code) => {
    expect(errorCode(error)).toBe(code);
  });
});
