// First: what is loaded after it finds no DEBUG.
import { ENVIRONMENT } from "../environment.ts";

import process from "node:process";

import type { FunctionContext } from "../../shared/entry/function-context.ts";
import { jsonLog } from "../../shared/conclude/run-log.ts";
import { PACKED_CONFIG } from "../../shared/entry/packed-config.ts";
import { check, type CheckResult } from "./check.ts";

/** Function Compute's entry point for a timer: audits the configured regions, then alerts. */
export async function handler(event: Uint8Array, context: FunctionContext): Promise<CheckResult> {
  const clock = (): Date => new Date();
  const log = jsonLog(process.stdout, clock);
  return check(event, context, { env: ENVIRONMENT, file: PACKED_CONFIG, clock, log });
}
