import { putEvaluations } from "../../../shared/alibaba/cloud-config.ts";
import type { ComplianceEvaluation } from "../../../shared/audit/compliance-evaluation.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { EvaluationError } from "../../../shared/audit/run-error.ts";
import type { Config } from "../../../shared/config/config.ts";
import { defaultAttemptTimeoutMs } from "../../../shared/config/default-times.ts";
import { accountsRequestOf } from "../../../shared/entry/accounts-request.ts";
import {
  auditFunction,
  configOf,
  DEFAULT_REGION_ID,
} from "../../../shared/entry/audit-function.ts";
import {
  credentialsOf,
  type FunctionContext,
  invocationTimeMs,
} from "../../../shared/entry/function-context.ts";
import type { FunctionRuntime } from "../../../shared/entry/function-runtime.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { USER_AGENT } from "../../../shared/program/tool.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { cloudConfigEndpoint } from "../../../shared/service/endpoints.ts";
import { configOfTask, isRegionInScope } from "./config-of-task.ts";
import { evaluateAccount, type Unreadable } from "./evaluate-account.ts";
import { evaluateVpc } from "./evaluate-vpc.ts";
import { type EvaluationTask, evaluationTask } from "./evaluation-task.ts";
import { type ConfigEvent, readConfigEvent } from "./read-config-event.ts";
import { readRuleParameters } from "./read-rule-parameters.ts";
import { sendEvaluations } from "./send-evaluations.ts";

/** What Cloud Config was told. */
export interface ConfigRuleAnswer {
  readonly runId: string;
  readonly evaluations: readonly ComplianceEvaluation[];
  /** Whether results of the rule that are not among these were deleted. */
  readonly deleteMode: boolean;
}

/**
 * Answers the event of a custom rule of Cloud Config: audits what it is about, and sends the results. What
 * could not be read is not sent, so that Cloud Config never takes it for compliant.
 *
 * @throws `RunError` when nothing, or not everything, could be evaluated or sent; what could be is sent
 *   first
 */
export async function answerConfigRule(
  rawEvent: object,
  runId: string,
  context: FunctionContext,
  runtime: FunctionRuntime,
): Promise<ConfigRuleAnswer> {
  const event = readConfigEvent(rawEvent);
  const parameters = readRuleParameters(event.ruleParameters);
  const task = await evaluationTask(event, parameters);
  const invocation = startTimeBudget(invocationTimeMs(context), "DEADLINE_EXCEEDED");
  try {
    const { regions } = parameters;
    const values = { rules: [task.ruleId], ...(regions !== null && { regions }) };
    const config = configOf(runtime, { values, problems: [] });
    const configOfAudit = configOfTask(config, task, context.accountId);
    using transport = createTransport(config.proxy);
    const run = { runId, trigger: "event", transport } as const;
    const report = isLeftOut(config, task, context.accountId)
      ? null
      : await auditFunction(configOfAudit, run, context, runtime, invocation);
    if (report !== null) assertAccount(report, task);

    const findings = report?.findings ?? [];
    const { orderingTimestamp, resultToken } = event;
    const { evaluations, unreadable } =
      task.scope === "vpc"
        ? evaluateVpc(task, findings, orderingTimestamp)
        : evaluateAccount(task, findings, orderingTimestamp);
    const target = {
      credentials: credentialsOf(context),
      userAgent: USER_AGENT,
      endpoint: cloudConfigEndpoint(context.region ?? DEFAULT_REGION_ID, config.endpoints),
      transport,
    };
    const { sent, deleteMode, failure } = await sendEvaluations(
      {
        resultToken,
        evaluations,
        deleteMode: unreadable.length === 0 && mayDelete(event, task, config),
      },
      async (batch, limit) => putEvaluations(target, batch, limit),
      invocation,
      config.attemptTimeoutMs ?? defaultAttemptTimeoutMs(config.timeoutMs),
    );
    const done = {
      ...(report !== null && { summary: report.summary }),
      configRule: { ...describe(event, task), sent, deleteMode },
    };
    const problems = [
      failure !== null && `Cloud Config has not taken the results. ${failure.message}`,
      unreadable.length > 0 && problemOf(unreadable, sent),
    ].filter((problem) => problem !== false);
    if (problems.length > 0) {
      const code = failure === null ? "INCOMPLETE" : "NOT_SENT";
      throw new EvaluationError(code, problems.join(" "), { cause: failure, done });
    }
    runtime.log({ level: "info", event: "run", runId, trigger: "event", outcome: "done", ...done });
    return { runId, evaluations, deleteMode };
  } finally {
    invocation.release();
  }
}

/**
 * Whether the configuration leaves the region of a VPC out, which then is not asked.
 *
 * @throws {@link EvaluationError} when it is not known whose the VPC is, which an audit would show
 */
function isLeftOut(config: Config, task: EvaluationTask, ownAccountId: string): boolean {
  if (task.scope !== "vpc" || isRegionInScope(config, task)) return false;
  if (ownAccountId !== "" || accountsRequestOf(config) !== null) return true;
  throw new EvaluationError(
    "NOT_SENT",
    "The function's account is not known, so nothing was sent about the VPC. Let Function Compute invoke the function.",
  );
}

/** @throws {@link EvaluationError} when another account was audited than the event is about */
function assertAccount({ scope }: Report, { resource: { accountId } }: EvaluationTask): void {
  const others = scope.accounts.filter((id) => id !== accountId);
  if (others.length === 0) return;
  throw new EvaluationError(
    "NOT_SENT",
    `The event is about the account ${accountId}, and the account that was audited is ${others.join(", ")}, so nothing was sent. Look at the function's role, and at the network to STS.`,
  );
}

/**
 * Whether results that are not renewed may be deleted. Where a rule has several resources, each of them is
 * an event of its own, whose answer would delete the results of the others: this holds for VPCs, and for
 * the accounts of an account group.
 */
function mayDelete(
  { messageType }: ConfigEvent,
  { scope }: EvaluationTask,
  config: Config,
): boolean {
  return (
    scope === "account" &&
    messageType !== "ConfigurationItemChangeNotification" &&
    accountsRequestOf(config) === null
  );
}

/** What the log says of an event, without its token. */
function describe({ messageType }: ConfigEvent, { ruleId, resource }: EvaluationTask) {
  const { accountId, resourceType, resourceId, regionId } = resource;
  return { messageType, ruleId, accountId, resourceType, resourceId, regionId };
}

/** The most subjects, and the most reasons, that a message names. */
const MAX_NAMED = 30;
const MAX_REASONS = 3;

function problemOf(unreadable: readonly Unreadable[], sent: number): string {
  const named = unreadable.slice(0, MAX_NAMED).map(({ id }) => id);
  const more = unreadable.length - named.length;
  const reasons = [...new Set(unreadable.map(({ reason }) => reason))].slice(0, MAX_REASONS);
  const told =
    sent === 0
      ? "Nothing was sent to Cloud Config"
      : `Only ${sent} ${sent === 1 ? "result was" : "results were"} sent to Cloud Config`;
  const list = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${told}, because this could not be read: ${list}. ${reasons.join(" ")}`;
}
