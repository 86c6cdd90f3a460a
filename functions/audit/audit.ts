import type { Report } from "../../shared/audit/report.ts";
import { ConfigError, RunError, ScopeError } from "../../shared/audit/run-error.ts";
import { auditedEntry, failedEntry } from "../../shared/conclude/run-log.ts";
import type { ConfigLayer } from "../../shared/config/layer.ts";
import { auditFunction, configOf } from "../../shared/entry/audit-function.ts";
import {
  type FunctionContext,
  invocationTimeMs,
  readContext,
} from "../../shared/entry/function-context.ts";
import type { FunctionRuntime } from "../../shared/entry/function-runtime.ts";
import { layerOf, parseObject, textOf } from "../../shared/entry/run-request.ts";
import { createTransport } from "../../shared/http/transport.ts";
import type { FormatName } from "../../shared/report/formats.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import { runIdOf } from "../../shared/run/run-id.ts";
import { assertReturnable } from "./assert-returnable.ts";
import type { ConfigRuleAnswer } from "./config-rule/answer-config-rule.ts";
import { type AuditHttpRequest, isHttpEvent, readHttpRequest } from "./http-request.ts";
import { errorResponse, type HttpResponse, reportResponse } from "./http-response.ts";
import { isConfigEvent } from "./is-config-event.ts";
import type { PartRequest } from "./part-request.ts";

/**
 * Audits on demand, or a part of a run that the check function divides, or what a rule of Cloud Config
 * asks for. It never alerts.
 *
 * @returns an HTTP answer for the event of an HTTP trigger, whose status says whether the audit
 *   ran, and not what it found; what Cloud Config was told for its event; the report itself for any other
 * @throws `RunError` when the audit could not run, but for the event of an HTTP trigger; for Cloud
 *   Config's also when something could not be read
 */
export async function audit(
  rawEvent: Uint8Array,
  rawContext: Partial<FunctionContext> | undefined,
  runtime: FunctionRuntime,
): Promise<Report | HttpResponse | ConfigRuleAnswer> {
  const context = readContext(rawContext);
  let runId = runIdOf(context.accountId, context.region, context.function.name, context.requestId);
  let answersHttp = false;
  let answersConfig = false;
  let request: AuditRequest | null = null;
  try {
    const event = parseObject(textOf(rawEvent), "event");
    answersHttp = isHttpEvent(event);
    answersConfig = !answersHttp && isConfigEvent(event);
    if (answersConfig) {
      const { answerConfigRule } = await import("./config-rule/answer-config-rule.ts");
      return await answerConfigRule(event, runId, context, runtime);
    }
    request = answersHttp ? readHttpRequest(event) : await readEvent(event);
    runId = request.part?.part.runId ?? runId;
    const trigger = answersHttp ? "http" : "event";
    const report = await run(request, trigger, runId, context, runtime);
    const { format, language } = request;
    const answer = format === null ? report : await reportResponse(report, format, language);
    assertReturnable(report, answer);
    runtime.log({ ...auditedEntry(report), ...placeOf(request.part) });
    return answer;
  } catch (error) {
    // Cloud Config corrects nothing: whoever operates the function and the rule has to.
    const isBadRequest =
      !answersConfig && error instanceof RunError && isCallersFault(error, request?.layer ?? null);
    runtime.log(failedEntry(runId, error, isBadRequest ? "warn" : "error"));
    if (answersHttp) return errorResponse(error, isBadRequest);
    throw error;
  }
}

/** A request; without a format, the answer is the report itself. */
type AuditRequest = Omit<AuditHttpRequest, "format"> & {
  readonly format: FormatName | null;
  /** Absent where the request is not a part of another run. */
  readonly part?: PartRequest;
};

/** @throws {@link ConfigError} with the problems of the event, which the caller has to correct */
async function readEvent(event: object): Promise<AuditRequest> {
  if (!Object.hasOwn(event, "part"))
    return { layer: layerFrom(event), format: null, language: null };
  const { readPartRequest } = await import("./part-request.ts");
  return {
    layer: { values: {}, problems: [] },
    format: null,
    language: null,
    part: readPartRequest(event),
  };
}

/** @throws {@link ConfigError} with the problems of the event, which the caller has to correct */
function layerFrom(event: object): ConfigLayer {
  const layer = layerOf(event, "event");
  if (layer.problems.length > 0) throw new ConfigError(layer.problems);
  return layer;
}

/**
 * Whether the caller has to correct the request, and not the operator the function.
 *
 * @param asked - the scope that the request asks for; null where it could not be read
 */
function isCallersFault(error: RunError, asked: ConfigLayer | null): boolean {
  if (asked === null) return true;
  const matchesNothing = error instanceof ScopeError && error.code === "NO_MATCH";
  const { regions, accounts } = asked.values;
  return matchesNothing && (regions !== undefined || accounts !== undefined);
}

/** Which part of a run was audited, for the log. */
function placeOf(request: PartRequest | undefined): object {
  if (request === undefined) return {};
  const { index, count } = request.part;
  return { part: { index, count } };
}

async function run(
  { layer, part }: AuditRequest,
  trigger: "event" | "http",
  runId: string,
  context: FunctionContext,
  runtime: FunctionRuntime,
): Promise<Report> {
  const invocation = startTimeBudget(invocationTimeMs(context), "DEADLINE_EXCEEDED");
  try {
    const configured = configOf(runtime, layer);
    const config = part?.configure(configured) ?? configured;
    using transport = createTransport(config.proxy);
    const rate = part === undefined ? {} : { stsCallsPerSecond: part.stsCallsPerSecond };
    const asked = { runId, trigger, transport, ...rate };
    return await auditFunction(config, asked, context, runtime, invocation, part?.hooks);
  } finally {
    invocation.release();
  }
}
