import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { describe, expect, test } from "vitest";

import { pruneClient } from "../../../scripts/sdk/prune-client.ts";
import { UnknownSdkTextError } from "../../../scripts/sdk/unknown-sdk-text-error.ts";

const TEXT = readFileSync(
  createRequire(import.meta.url).resolve("@alicloud/vpc20160428/dist/client.js"),
  "utf8",
);

function methodsIn(text: string): string[] {
  return [...text.matchAll(/^ {4}(?:async )?(\w+)\(.*\) \{$/gm)].map(([, name]) => String(name));
}

describe("of the client", () => {
  test("only the operations are left that are named, and the models that they name", () => {
    const words = new Set(["describeRegionsWithOptions", "regionId", "callApi"]);
    const { text, models } = pruneClient("client.js", TEXT, words);
    expect(methodsIn(text)).toEqual(["constructor", "getEndpoint", "describeRegionsWithOptions"]);
    expect(models).toEqual(new Set(["DescribeRegionsResponse"]));
  });

  test("an operation brings along those that it calls", () => {
    const { text } = pruneClient("client.js", TEXT, new Set(["describeRegions"]));
    expect(methodsIn(text).slice(2)).toEqual(["describeRegionsWithOptions", "describeRegions"]);
  });

  test("nothing is lost when all are named", () => {
    const all = new Set(methodsIn(TEXT));
    expect(all.size).toBeGreaterThan(700);
    expect(pruneClient("client.js", TEXT, all).text).toBe(TEXT);
  });
});

describe("text that is laid out otherwise is refused:", () => {
  const METHOD = "    async describeRegions(";
  const LOADS = "does not just load ./models/model as $_model and export it";
  const CLASS = "does not hold the class Client and no other";
  const PLAIN = "no plain method";
  const PAIR = "is not one of a pair that calls the API";

  test.each<[what: string, from: string | RegExp, to: string, problem: string]>([
    ["another class", "class Client ", "class VpcClient ", CLASS],
    ["a second class", "exports.default =", "class Other {}\nexports.default =", CLASS],
    ["no class", /class Client .*/s, "", CLASS],
    ["a cut file", /return await this\.describeRegionsWithOptions.*/s, "", "is no CommonJS"],
    ["models under another name", "const $_model =", "const models =", LOADS],
    ["models from elsewhere", 'require("./models/model")', 'require("./models")', LOADS],
    ["models not exported", '__exportStar(require("./models/model"), exports)', "", LOADS],
    ["models loaded again", METHOD, '    m() { require("./models/model") }\n$&', LOADS],
    [
      "models accessed by a variable",
      "$_model.DescribeRegionsResponse",
      "$_model[name]",
      "uses $_model other",
    ],
    ["this destructured", "this.callApi(", "(({ callApi }) => callApi)(this)(", "uses this other"],
    ["a field", METHOD, "    field = 1;\n$&", PLAIN],
    ["a static method", METHOD, "    static async describeRegions(", PLAIN],
    ["a computed name", METHOD, "    async ['describeRegions'](", PLAIN],
    ["a method twice", METHOD, "    async describeVpcs() {}\n$&", PLAIN],
    ["another call of the API", "this.callApi(", "this.execute(", PAIR],
    ["an operation without its pair", "async describeRegionsWithOptions(", "async other(", PAIR],
    ["an async method that is no operation", METHOD, "    async close() {}\n$&", PAIR],
    ["operations that are not async", /\b(?:async|await) /g, "", "has no operations"],
  ])("%s", (_what, from, to, problem) => {
    const altered = TEXT.replace(from, to);
    expect(altered).not.toBe(TEXT);
    // Only once, since parsing that much text is slow.
    expect(() => pruneClient("client.js", altered, new Set(["describeRegions"]))).toThrow(
      expect.toSatisfy(
        (error) =>
          error instanceof UnknownSdkTextError &&
          error.message.startsWith("client.js: ") &&
          error.message.includes(problem),
      ),
    );
  });
});
