import { describe, expect, test } from "vitest";

import {
  formatHealthAddress,
  healthAddressFrom,
  parseHealthAddress,
} from "../../../../functions/cli/health/health-address.ts";

test.each([
  ["8080", "127.0.0.1:8080"],
  ["127.0.0.1:1", "127.0.0.1:1"],
  ["0.0.0.0:65535", "0.0.0.0:65535"],
  ["localhost:8080", "localhost:8080"],
  ["[::]:8080", "[::]:8080"],
  ["[::1]:8080", "[::1]:8080"],
])("%s is read as %s", (text, expected) => {
  expect(formatHealthAddress(parseHealthAddress(text, "--health"))).toBe(expected);
});

test.each([
  "",
  "0",
  "65536",
  "080808",
  ":8080",
  "127.0.0.1",
  "127.0.0.1:",
  "127.0.0.1:http",
  "127.0.0.256:80",
  "example.com:80",
  "::1:8080",
  "[127.0.0.1]:80",
  "http://127.0.0.1:80",
  " 8080",
  "-1",
])("%j is refused", (text) => {
  expect(() => parseHealthAddress(text, "--health")).toThrow(
    /^--health: is no address for health checks: write a port, such as 8080, or /,
  );
});

describe("the flag and the variable", () => {
  const env = { FLOWLOG_GUARD_HEALTH: "127.0.0.1:8080" };

  test.each([
    ["neither", undefined, {}, null],
    ["unset", undefined, { FLOWLOG_GUARD_HEALTH: "unset" }, null],
    ["the variable", undefined, env, { host: "127.0.0.1", port: 8080 }],
    ["both: the flag wins", "9090", env, { host: "127.0.0.1", port: 9090 }],
  ])("%s", (_what, flag, given, expected) => {
    expect(healthAddressFrom(flag, given)).toEqual(expected);
  });

  test("an empty variable is an error, as a lost value looks like that", () => {
    expect(() => healthAddressFrom(undefined, { FLOWLOG_GUARD_HEALTH: "" })).toThrow(
      "FLOWLOG_GUARD_HEALTH: is no address",
    );
  });
});
