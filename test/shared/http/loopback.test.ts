import { expect, test } from "vitest";

import { isLoopback } from "../../../shared/http/loopback.ts";

// https://www.rfc-editor.org/rfc/rfc6890#section-2.2.2
test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.255.255.254", true],
  ["[::1]", true],
  ["128.0.0.1", false],
  ["12.7.0.1", false],
  ["0.0.0.0", false],
  ["[::2]", false],
  ["127.example", false],
  ["127.0.0.1.example", false],
  ["localhost.example", false],
  ["", false],
])("%j is this machine: %s", (hostname, is) => expect(isLoopback(hostname)).toBe(is));
