import process from "node:process";

import { check, type CheckResult } from "./check.ts";
import type { FunctionContext } from "./function-context.ts";
import { PACKED_CONFIG } from "./packed-config.ts";

/** Function Compute's entry point: audits the configured regions, then alerts. */
export async function handler(event: Uint8Array, context: FunctionContext): Promise<CheckResult> {
  return check(event, context, {
    env: process.env,
    file: PACKED_CONFIG,
    clock: () => new Date(),
    log: (entry) => {
      process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
    },
  });
}
