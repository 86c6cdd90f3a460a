// Imported first: it removes DEBUG from the environment.
import { ENVIRONMENT } from "../environment.ts";

import process from "node:process";

import type { Report } from "../../shared/audit/report.ts";
import type { FunctionContext } from "../../shared/entry/function-context.ts";
import { functionRuntime } from "../../shared/entry/function-runtime.ts";
import { audit } from "./audit.ts";
import type { ConfigRuleAnswer } from "./config-rule/answer-config-rule.ts";
import type { HttpResponse } from "./http-response.ts";

/** Function Compute's entry point for audits on demand, by event or HTTP, and for Cloud Config's rules. */
export async function handler(
  event: Uint8Array,
  context: FunctionContext,
): Promise<Report | HttpResponse | ConfigRuleAnswer> {
  return audit(event, context, functionRuntime(ENVIRONMENT, process.stdout));
}
