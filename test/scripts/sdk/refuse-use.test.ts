import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

import { refuseUse } from "../../../scripts/sdk/refuse-use.ts";

test("what a file exports stays there by name, and throws when it is used", () => {
  const text = `
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.open = exports.Client = void 0;
    Object.defineProperty(exports, "KIND", { enumerable: true, get: function () { return 1; } });
    exports.open = open;
    function open() {}
  `;
  const exports: Record<string, unknown> = {};
  runInNewContext(refuseUse("sdk/socket.js", text), { exports });
  expect(Object.keys(exports)).toEqual(["open", "Client", "KIND"]);
  expect(Object.getOwnPropertyDescriptor(exports, "__esModule")?.value).toBe(true);
  for (const name of Object.keys(exports)) {
    expect(() => exports[name]).toThrow("sdk/socket.js is not in this bundle");
  }
});

test.each(["", "module.exports = {};", 'import "x";'])("a text without names fails: %s", (text) => {
  expect(() => refuseUse("sdk/socket.js", text)).toThrow(/^sdk\/socket\.js: It .* The build does/);
});
