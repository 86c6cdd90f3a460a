// Imported first: it removes DEBUG from the environment.
import { ENVIRONMENT } from "../environment.ts";

import process from "node:process";

import type { FunctionContext } from "../../shared/entry/function-context.ts";
import { functionRuntime } from "../../shared/entry/function-runtime.ts";
import { check, type CheckResult } from "./check.ts";

/** Function Compute's entry point for a timer: audits the configured regions, then alerts. */
export async function handler(event: Uint8Array, context: FunctionContext): Promise<CheckResult> {
  return check(event, context, functionRuntime(ENVIRONMENT, process.stdout));
}
