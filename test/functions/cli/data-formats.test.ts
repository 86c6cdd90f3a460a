import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { HttpResponse } from "../../../functions/audit/http-response.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator({
    regions: { "cn-a": { activated: true }, "cn-b": { activated: false } },
  });
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-data-formats-"));
});
afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function read(name: string): Promise<string> {
  return readFile(join(folder, name), "utf8");
}

/** How each format begins, and how it says that `cn-b` is not compliant. */
const FORMATS = [
  ["csv", /^\uFEFFaccount_id,/, /\r\n"\t\d{16}",[^\r]*,cn-b,[^\r]*,NON_COMPLIANT,/],
  ["junit", /^<\?xml version="1.0" encoding="UTF-8"\?>\n/, /name="cn-b"[^>]*>\n<failure /],
  ["prometheus", /^# HELP flowlog_guard_/, /flowlog_guard_compliant{.*region="cn-b".*} 0\n/],
] as const;

test("the built command line writes each format to the file of its extension", async () => {
  const names = ["a.csv", "a.xml", "a.prom"];
  const outputs = names.flatMap((name) => ["--output", join(folder, name)]);
  const { exitCode, stdout } = await runCli(["audit", ...outputs], emulatorEnv(emulator));
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  for (const [index, [, beginning, finding]] of FORMATS.entries()) {
    const text = await read(names[index] ?? "");
    expect(text).toMatch(beginning);
    expect(text).toMatch(finding);
  }
});

test.each(FORMATS)(
  "the built audit function answers ?format=%s",
  async (format, beginning, finding) => {
    const event = { requestContext: { http: { method: "GET" } }, queryParameters: { format } };
    const { result, stderr } = await invokeAudit<HttpResponse>(
      JSON.stringify(event),
      functionContext(emulator),
      functionEnv(emulator),
    );
    expect(stderr).toBe("");
    expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(result?.body).toMatch(beginning);
    expect(result?.body).toMatch(finding);
  },
);
