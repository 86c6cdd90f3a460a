import type { Report, Trigger } from "../audit/report.ts";
import type { RegionNames } from "../conclude/region-names.ts";
import { type Config, resolveConfig } from "../config/config.ts";
import { readEnvironmentLayer, scheduleOf } from "../config/environment.ts";
import { followSchedule } from "../config/follow-schedule.ts";
import { type ConfigLayer, readFileLayer } from "../config/layer.ts";
import type { Transport } from "../http/transport.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { AuditDependencies } from "../run/run-audit.ts";
import { auditCloud, regionNamesOf } from "./audit-cloud.ts";
import { auditTimeMs, credentialsOf, type FunctionContext } from "./function-context.ts";
import type { FunctionRuntime } from "./function-runtime.ts";

/**
 * Resolves the configuration of an invocation: packed file, environment, event.
 *
 * @throws `ConfigError` with everything that is wrong in any of them
 */
export function configOf({ file, env }: FunctionRuntime, event: ConfigLayer): Config {
  const config = resolveConfig(readFileLayer(file, env), readEnvironmentLayer(env), event);
  const schedule = scheduleOf(env);
  return schedule === undefined ? config : followSchedule(config, schedule);
}

/** The region whose endpoint lists the regions, where the function's own is not known. */
export const DEFAULT_REGION_ID = "cn-hangzhou";

/** One invocation's audit. */
export interface FunctionRun {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly transport: Transport;
  /** See `AuditRequest`. */
  readonly stsCallsPerSecond?: number;
}

/** What the audit calls while it runs. */
export type FunctionHooks = Pick<AuditDependencies, "assumeAccount" | "auditAccounts">;

/**
 * Audits with the function's role, within the function's time.
 *
 * @param hooks - called by the audit while it runs
 */
export async function auditFunction(
  config: Config,
  run: FunctionRun,
  context: FunctionContext,
  { clock }: FunctionRuntime,
  invocation: TimeBudget,
  hooks: FunctionHooks = {},
): Promise<Report> {
  const deadlineMs = Math.min(config.deadlineMs ?? Infinity, auditTimeMs(context));
  const deadline = startTimeBudget(deadlineMs, "DEADLINE_EXCEEDED", invocation);
  const { accountId, region } = context;
  try {
    return await auditCloud(
      config,
      {
        ...run,
        credentials: credentialsOf(context),
        caller: accountId === "" ? null : { accountId, arn: null },
        homeRegionId: region ?? DEFAULT_REGION_ID,
        deadline,
      },
      { ...hooks, clock },
    );
  } finally {
    deadline.release();
  }
}

/** Finds the names of the regions of such an audit in other languages. */
export function functionRegionNames(
  config: Config,
  { runId, transport }: Pick<FunctionRun, "runId" | "transport">,
  context: FunctionContext,
): RegionNames {
  const homeRegionId = context.region ?? DEFAULT_REGION_ID;
  const credentials = credentialsOf(context);
  return regionNamesOf(config, { runId, transport, credentials, homeRegionId });
}
