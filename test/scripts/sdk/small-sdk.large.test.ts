import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bundle, BUNDLE_OPTIONS, ROOT } from "../../../scripts/bundle.ts";
import { smallSdk } from "../../../scripts/sdk/small-sdk.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { runNode } from "../../harness/run-process.ts";

const ENTRY = "test/harness/ask-sdk.ts";
const PACKAGES = join(ROOT, "node_modules");

const REGIONS: Readonly<Record<string, RegionSeed>> = {
  // Their endpoints are in the client's own map, or follow from its rule.
  "cn-wuhan": { activated: true },
  "eu-west-1-oxs": { activated: false },
  "ap-southeast-1": { activated: true, fault: { kind: "denied" } },
  throttled: {
    activated: true,
    fault: { kind: "throttled", headers: { "x-acs-retry-after": "20" } },
  },
  "error-429": { activated: true, fault: { kind: "error", status: 429 } },
  "json-500": { activated: true, fault: { kind: "json-500" } },
  "html-503": { activated: true, fault: { kind: "html-503" } },
  "xml-error": { activated: true, fault: { kind: "xml-error" } },
  truncated: { activated: true, fault: { kind: "truncated-json" } },
  object: { activated: true, fault: { kind: "empty-object" } },
  redirect: { activated: true, fault: { kind: "redirect" } },
  reset: { activated: true, fault: { kind: "reset" } },
  hang: { activated: true, fault: { kind: "hang" } },
  "null-200": { activated: true, fault: { kind: "body", status: 200, text: "null" } },
  "null-500": { activated: true, fault: { kind: "body", status: 500, text: "null" } },
  empty: { activated: true, fault: { kind: "body", status: 200, text: "" } },
  yes: { activated: true, fault: { kind: "body", status: 200, text: '{"Enabled":"yes"}' } },
};

/** Known parts of the SDK's outcome, so that two empty answers do not pass. */
const KNOWN = {
  regions: { statusCode: 200, body: { regions: { region: expect.any(Array) } } },
  "cn-wuhan": { endpoint: "vpc.aliyuncs.com", statusCode: 200, body: { enabled: true } },
  "eu-west-1-oxs": { statusCode: 200, body: { enabled: false } },
  "ap-southeast-1": {
    endpoint: "vpc.ap-southeast-1.aliyuncs.com",
    code: "Forbbiden",
    statusCode: 403,
    requestId: "REQUEST-ID",
  },
  throttled: { name: "ThrottlingError", code: "Throttling.User", retryAfter: 20 },
  "html-503": { name: "SyntaxError" },
  "xml-error": { name: "ServerError", statusCode: 500 },
  redirect: { statusCode: 302, body: { enabled: true } },
  reset: { code: "ECONNRESET" },
  hang: { name: "RequestTimeoutError" },
  "null-500": { name: "TypeError" },
};

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-sdk-"));
});
afterAll(() => rm(dir, { recursive: true }));

test(
  "answers and fails as the whole SDK does, for every answer and fault",
  { timeout: 20_000 },
  async () => {
    const [whole, small] = [join(dir, "whole/index.js"), join(dir, "small/index.js")];
    await build({ ...BUNDLE_OPTIONS, entryPoints: [ENTRY], outfile: whole, packages: "external" });
    await bundle(ENTRY, small);
    await using emulator = await startEmulator({ regions: REGIONS });

    const ask = async (
      program: string,
      env: Readonly<Record<string, string>>,
    ): Promise<unknown> => {
      const args = [program, new URL(emulator.endpoint).host, ...Object.keys(REGIONS)];
      const { stdout, stderr } = await runNode(args, { env });
      expect(stderr).toBe("");
      const ids = /[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}/g;
      return JSON.parse(stdout.replaceAll(ids, "REQUEST-ID"), (key, value) =>
        key === "date" ? "DATE" : value,
      );
    };
    const expected = await ask(whole, { NODE_PATH: PACKAGES });
    expect(expected).toMatchObject(KNOWN);
    expect(await ask(small, {})).toEqual(expected);
  },
);

describe("the build fails where the SDK has an unknown layout", () => {
  test.each([
    { file: "@alicloud/vpc20160428/dist/client.js", from: "class Client", to: "class VpcClient" },
    { file: "@alicloud/vpc20160428/dist/models/model.js", from: "var ", to: "let " },
    { file: "@darabonba/typescript/dist/xml.js", from: 'require("xml2js")', to: "{}" },
    {
      file: "@alicloud/openapi-core/dist/client.js",
      from: "async doROARequest(",
      to: "async doROACall(",
    },
  ])("$file says $to", async ({ file, from, to }) => {
    const failure = buildWith(file, (text) => text.replace(from, to));
    await expect(failure).rejects.toThrow(`${file}: It `);
    await expect(failure).rejects.toThrow("does not know this version of the SDK");
  });

  test("a file in another place", async () => {
    const failure = buildWith("@darabonba/typescript/dist/index.js", (text) =>
      text.replace('require("./xml")', 'require("./url")'),
    );
    await expect(failure).rejects.toThrow("@darabonba/typescript/dist/xml.js: It was not loaded.");
  });

  test("and succeeds where nothing is changed", async () => {
    const build = buildWith("@darabonba/typescript/dist/xml.js", (text) => text);
    await expect(build).resolves.toBeUndefined();
  });
});

/** Builds against an SDK of which one file is changed; the others are links to the real files. */
async function buildWith(file: string, change: (text: string) => string): Promise<void> {
  const root = await mkdtemp(join(dir, "altered-"));
  await linkAllBut(file.split("/"), PACKAGES, join(root, "node_modules"), change);
  await writeFile(join(root, "index.js"), 'require("@alicloud/vpc20160428");');
  await build({
    ...BUNDLE_OPTIONS,
    absWorkingDir: root,
    preserveSymlinks: true,
    entryPoints: ["index.js"],
    outfile: "out/index.js",
    plugins: [smallSdk(new Set(["describeRegionsWithOptions"]))],
    logLevel: "silent",
  });
}

async function linkAllBut(
  [changed, ...below]: readonly string[],
  from: string,
  to: string,
  change: (text: string) => string,
): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (name !== changed) await symlink(source, target);
    else if (below.length > 0) await linkAllBut(below, source, target, change);
    else await writeFile(target, change(await readFile(source, "utf8")));
  }
}
