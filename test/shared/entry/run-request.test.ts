import { expect, test } from "vitest";

import { ConfigError } from "../../../shared/audit/run-error.ts";
import { textOf } from "../../../shared/entry/run-request.ts";

test.each([null, '{"regions":["cn-a"]}', { regions: ["cn-a"] }, 7])(
  "an event of %j is refused: Function Compute gives bytes",
  (event) => {
    expect(() => textOf(event)).toThrow(ConfigError);
    expect(() => textOf(event)).toThrow("event: is not bytes");
  },
);

test.each([undefined, Buffer.from(""), new Uint8Array()])("an event of %j is empty", (event) => {
  expect(textOf(event)).toBe("");
});
