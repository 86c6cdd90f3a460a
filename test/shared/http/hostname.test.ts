import { describe, expect, test } from "vitest";

import { isLoopback, withoutBrackets } from "../../../shared/http/hostname.ts";

describe("isLoopback", () => {
  test.each(["localhost", "127.0.0.1", "127.255.255.254", "[::1]"])("accepts %s", (hostname) => {
    expect(isLoopback(hostname)).toBe(true);
  });

  test.each(["localhost.example.com", "127.0.0.1.example.com", "128.0.0.1", "[::2]", "::1", ""])(
    "rejects %j",
    (hostname) => {
      expect(isLoopback(hostname)).toBe(false);
    },
  );
});

describe("withoutBrackets", () => {
  test.each([
    ["[::1]", "::1"],
    ["[fe80::1]", "fe80::1"],
    ["::1", "::1"],
    ["example.com", "example.com"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1", "[::1"],
    ["::1]", "::1]"],
    ["", ""],
  ])("%j: %j", (hostname, bare) => {
    expect(withoutBrackets(hostname)).toBe(bare);
  });
});
