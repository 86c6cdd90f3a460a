import { runInNewContext } from "node:vm";

import { describe, expect, test } from "vitest";

import { deferRequires } from "../../../scripts/sdk/defer-requires.ts";

class Parser {
  readonly isParser = true;
}

/** Runs a CommonJS script; what it requires is noted in `order`. */
function load(text: string, order: string[]): Record<string, () => unknown> {
  const exports = {};
  const require = (name: string): unknown => {
    order.push(name);
    return { Parser, name };
  };
  runInNewContext(text, { exports, require });
  return exports;
}

const SCRIPT = `
var __importDefault = (mod) => (mod && mod.__esModule) ? mod : { "default": mod };
var a_1 = __importDefault(require("a")), now = require("now");
const b_1 = require("b"), $B = b_1;
exports.a = () => (0, a_1.default).name;
exports.b = () => new b_1.Parser();
exports.alias = () => $B.name;
exports.other = () => ({ a_1: 1, b: now.b_1 });
`;

test("a deferred package is required once, on first use, and works unchanged", () => {
  const order: string[] = [];
  const { a, b, alias, other } = load(deferRequires("f.js", SCRIPT, ["a", "b"]), order);
  expect(order).toEqual(["now"]);
  expect(b?.()).toBeInstanceOf(Parser);
  expect(order).toEqual(["now", "b"]);
  expect([alias?.(), a?.(), a?.()]).toEqual(["b", "a", "a"]);
  expect(other?.()).toEqual({ a_1: 1, b: undefined });
  expect(order).toEqual(["now", "b", "a"]);
});

describe("text that is laid out otherwise is refused:", () => {
  test.each([
    ["not required", ""],
    ["required twice", 'var a_1 = require("a"); var a_2 = require("a");'],
    ["required in a function", 'function f() { return require("a"); }'],
    ["required without a variable", 'require("a");'],
    ["required in parts", 'var { b } = require("a");'],
    ["required for a part", 'var b = require("a").b;'],
    ["required by another wrapper", 'var a_1 = __wrap(require("a"));'],
    ["bound again by a parameter", 'var a_1 = require("a"); function f(a_1) { return a_1; }'],
    ["bound again by assignment", 'var a_1 = require("a"); a_1 = 1;'],
    ["used in a short property", 'var a_1 = require("a"); exports.o = { a_1 };'],
    ["an ES module", 'import a_1 from "a";'],
  ])("%s", (_what, text) => {
    expect(() => deferRequires("f.js", text, ["a"])).toThrow(/^f\.js: .*\. The build does/);
  });
});
