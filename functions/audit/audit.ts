import type { Report } from "../../shared/audit/report.ts";
import type { ConfigLayer } from "../../shared/config/layer.ts";
import {
  auditFunction,
  configOf,
  type FunctionWorld,
} from "../../shared/function-compute/audit-function.ts";
import {
  type FunctionContext,
  invocationTimeMs,
  readContext,
} from "../../shared/function-compute/function-context.ts";
import { auditedEntry, failedEntry } from "../../shared/run-log.ts";
import { layerOf, parseObject, textOf } from "../../shared/function-compute/run-request.ts";
import { runIdOf } from "../../shared/run-id.ts";
import { startTimeBudget } from "../../shared/time-budget.ts";
import { isHttpEvent, readHttpRequest } from "./http-request.ts";
import { errorResponse, type HttpResponse, reportResponse } from "./http-response.ts";

/**
 * Audits on demand. It never alerts.
 *
 * @returns the report for an event by hand; an HTTP answer for an event of an HTTP trigger, whose
 * status tells whether the audit ran, not what it found
 * @throws `RunError` for an event by hand, when the audit could not run
 */
export async function audit(
  rawEvent: Uint8Array,
  rawContext: Partial<FunctionContext> | undefined,
  world: FunctionWorld,
): Promise<Report | HttpResponse> {
  const context = readContext(rawContext);
  const runId = runIdOf(
    context.accountId,
    context.region,
    context.function.name,
    context.requestId,
  );
  let answersHttp = false;
  try {
    const event = parseObject(textOf(rawEvent), "event");
    answersHttp = isHttpEvent(event);
    if (!answersHttp) return await run(layerOf(event, "event"), "event", runId, context, world);
    const { layer, format } = readHttpRequest(event);
    return reportResponse(await run(layer, "http", runId, context, world), format);
  } catch (error) {
    world.log(failedEntry(runId, error));
    if (answersHttp) return errorResponse(error);
    throw error;
  }
}

async function run(
  layer: ConfigLayer,
  trigger: "event" | "http",
  runId: string,
  context: FunctionContext,
  world: FunctionWorld,
): Promise<Report> {
  const invocation = startTimeBudget(invocationTimeMs(context), "DEADLINE_EXCEEDED");
  try {
    const config = configOf(world, layer);
    const report = await auditFunction(config, { runId, trigger }, context, world, invocation);
    world.log(auditedEntry(report));
    return report;
  } finally {
    invocation.release();
  }
}
