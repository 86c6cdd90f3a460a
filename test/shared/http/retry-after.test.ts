import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { parseRetryAfter } from "../../../shared/http/retry-after.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2015-10-21T07:28:00Z"), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
test.each([
  [undefined, undefined],
  [null, undefined],
  ["", undefined],
  ["soon", undefined],
  ["-1", undefined],
  ["1.5", undefined],
  ["1e3", undefined],
  ["0", 0],
  ["12", 12_000],
  ["Wed, 21 Oct 2015 07:28:00 GMT", 0],
  ["Wed, 21 Oct 2015 07:27:00 GMT", 0],
  ["Wed, 21 Oct 2015 07:28:30 GMT", 30_000],
  ["2015-10-21T07:28:30Z", undefined],
  ["Wed, 99 Oct 2015 07:28:30 GMT", undefined],
])("Retry-After %j is %s ms", (value, expectedMs) => {
  expect(parseRetryAfter(value)).toBe(expectedMs);
});
