import { assert, jsonValue, property } from "fast-check";
import { canonicalize } from "json-canonicalize";
import { describe, expect, test } from "vitest";

import { canonicalJson } from "../../../shared/text/canonical-json.ts";

describe("canonical JSON", () => {
  test("is that of the scheme's own example", () => {
    // RFC 8785, section 3.2.2 and 3.2.3.
    const example = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 1e-27],
      string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\u{1f600}": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    const order = [...canonicalJson(keys).matchAll(/:"([^"]+)"/g)].map(([, value]) => value);
    expect(order).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  test("is what an independent program writes", () => {
    assert(
      property(jsonValue({ stringUnit: "grapheme" }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  test("leaves out what JSON leaves out", () => {
    expect(canonicalJson({ b: undefined, a: -0 })).toBe('{"a":0}');
    expect(canonicalJson([undefined])).toBe("[null]");
  });

  test.each([Number.NaN, Infinity, "a\ud800"])("refuses %j", (value) => {
    expect(() => canonicalJson([{ a: value }])).toThrow(RangeError);
  });

  test("refuses a lone surrogate in a key", () => {
    expect(() => canonicalJson({ "a\ud800": 1 })).toThrow(RangeError);
  });
});
