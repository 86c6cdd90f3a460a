import { describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import type { Fault } from "../emulator/faults.ts";
import {
  functionContext,
  functionEnv,
  invokeAudit,
  invokeCheck,
} from "../harness/invoke-function.ts";
import { emulatorEnv } from "../harness/run-cli.ts";
import { runMain } from "../harness/run-main.ts";

const KEY = {
  accessKeyId: "STS.NUechoedKeyId0042",
  accessKeySecret: "echoed-secret-9d1c",
  securityToken: "CAISechoedToken7731==",
};

/** Ways in which a server repeats a request: headers, signature and token. */
const ECHOES: readonly (readonly [string, Fault])[] = [
  ["an error of the service", { kind: "echo", status: 400, form: "json" }],
  ["a refusal", { kind: "echo", status: 403, form: "json" }],
  ["a passing error", { kind: "echo", status: 503, form: "json" }],
  // The parser's message quotes the beginning of the text.
  ["a page with 200", { kind: "echo", status: 200, form: "text" }],
  ["a page with 502", { kind: "echo", status: 502, form: "text" }],
];

/** A cloud in which one action, or one region, repeats its request. */
async function startEchoing(action: string, fault: Fault): Promise<Emulator> {
  return startEmulator({
    keys: [KEY],
    regions: { "cn-a": { activated: true, ...(action === "region" && { fault }) } },
    faults: action === "region" ? {} : { [action]: fault },
  });
}

/** The parts of a request that an output contains. */
function leaksIn(output: string): string[] {
  const parts = [...Object.values(KEY), KEY.securityToken.slice(0, 8)];
  return [...parts, "ACS3-HMAC", "Signature=", "x-acs-security-token"].filter((part) =>
    output.includes(part),
  );
}

describe.each(["DescribeRegions", "GetCallerIdentity", "region"])(
  "keys that %s repeats are never printed",
  (action) => {
    test.each(ECHOES)("by %s: with --verbose", async (_what, fault) => {
      await using emulator = await startEchoing(action, fault);
      const env = { ...emulatorEnv(emulator), ALIBABA_CLOUD_SECURITY_TOKEN: KEY.securityToken };
      const argv = ["audit", "--verbose", "--timeout", "2s", "--format", "json"];
      const { stdout, stderr } = await runMain(argv, env);
      expect(emulator.requests).not.toEqual([]);
      expect(leaksIn(stdout + stderr)).toEqual([]);
      // A failed run prints its causes.
      expect(stderr.includes("Caused by: CallError")).toBe(action === "DescribeRegions");
    });

    test.each(ECHOES.slice(2, 4))("by %s: in the logs of the functions", async (_what, fault) => {
      await using emulator = await startEchoing(action, fault);
      const context = functionContext(emulator);
      const env = { ...functionEnv(emulator), FLOWLOG_GUARD_TIMEOUT: "2s" };
      const check = await invokeCheck("{}", context, env);
      const audit = await invokeAudit("{}", context, env);
      expect(emulator.requests).not.toEqual([]);
      expect(leaksIn(JSON.stringify([check, audit]))).toEqual([]);
    });
  },
);
