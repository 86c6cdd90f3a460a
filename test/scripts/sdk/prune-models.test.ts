import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { describe, expect, test } from "vitest";

import { pruneModels } from "../../../scripts/sdk/prune-models.ts";

const TEXT = readFileSync(
  createRequire(import.meta.url).resolve("@alicloud/vpc20160428/dist/models/model.js"),
  "utf8",
);
const NEEDED = new Set(["DescribeRegionsResponse"]);

test("of the barrel only the models are left that are needed or named", () => {
  const words = new Set(["CreateNatGatewayRequestTag", "regionId"]);
  expect(pruneModels("model.js", TEXT, NEEDED, words)).toBe(`"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.CreateNatGatewayRequestTag = void 0;
exports.DescribeRegionsResponse = void 0;
var CreateNatGatewayRequest_2 = require("./CreateNatGatewayRequest");
Object.defineProperty(exports, "CreateNatGatewayRequestTag", { enumerable: true, get: function () { return CreateNatGatewayRequest_2.CreateNatGatewayRequestTag; } });
var DescribeRegionsResponse_1 = require("./DescribeRegionsResponse");
Object.defineProperty(exports, "DescribeRegionsResponse", { enumerable: true, get: function () { return DescribeRegionsResponse_1.DescribeRegionsResponse; } });`);
});

describe("text that is laid out otherwise is refused:", () => {
  test.each([
    ["an ES module", "var DescribeRegionsResponse_1 =", "import DescribeRegionsResponse_1 from"],
    ["no marker", 'Object.defineProperty(exports, "__esModule", { value: true });', ""],
    ["another statement", "var DescribeRegionsResponse_1 =", "var other = 1;\n$&"],
    ["a model of another file", "return DescribeRegionsResponse_1.", "return Other_1."],
    ["a model under another name", '(exports, "DescribeRegionsResponse"', '(exports, "Renamed"'],
    ["a lacking model", /^.*\bDescribeRegionsResponse\b.*$/gm, ""],
    ["a cut file", /return DescribeRegionsResponse_1.*/s, ""],
  ])("%s", (_what, from, to) => {
    const altered = TEXT.replace(from, to);
    expect(altered).not.toBe(TEXT);
    expect(() => pruneModels("model.js", altered, NEEDED, new Set())).toThrow(
      /^model\.js: .* The build does/s,
    );
  });
});
