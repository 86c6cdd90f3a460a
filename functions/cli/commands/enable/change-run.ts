import { AlibabaCloud } from "../../../../shared/alibaba/alibaba-cloud.ts";
import { VpcActivation } from "../../../../shared/alibaba/vpc-activation.ts";
import { newClientToken } from "../../../../shared/alibaba/vpc.ts";
import type { Cloud } from "../../../../shared/audit/cloud.ts";
import type { Config } from "../../../../shared/config/config.ts";
import {
  DEFAULT_DEADLINE_MS,
  defaultAttemptTimeoutMs,
} from "../../../../shared/config/default-times.ts";
import { carryOutPlan } from "../../../../shared/enable/carry-out-plan.ts";
import { WAIT_POLICY } from "../../../../shared/enable/change-context.ts";
import type { LogStoreTemplate } from "../../../../shared/enable/log-store-template.ts";
import type { EntryOutcome, Plan } from "../../../../shared/enable/plan.ts";
import { readPlan } from "../../../../shared/enable/read-plan.ts";
import { TOOL, USER_AGENT } from "../../../../shared/program/tool.ts";
import { startTimeBudget } from "../../../../shared/retry/time-budget.ts";
import { type AccountHooks } from "../../../../shared/run/audit-account.ts";
import { CLOUD_RETRY_POLICY } from "../../../../shared/run/run-audit.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import { HOME_REGION_ID, type LocalRun } from "../../local/local-audit.ts";

/** The two halves of `enable`: reading what to change, and changing it. */
export interface ChangeRun {
  readonly readPlan: (logStore: LogStoreTemplate | null, hooks: AccountHooks) => Promise<Plan>;
  readonly carryOut: (
    plan: Plan,
    stop: AbortSignal,
    onOutcome: (entry: EntryOutcome) => Promise<void>,
  ) => Promise<readonly EntryOutcome[]>;
}

/** Prepares a run with the credentials that the user chose. */
export function changeRun(
  config: Config,
  { runId, transport }: LocalRun,
  credentials: Credentials,
  clock: () => Date,
): ChangeRun {
  const options = {
    credentials,
    endpoints: config.endpoints,
    homeRegionId: HOME_REGION_ID,
    runId,
    acceptLanguage: "en-US",
    userAgent: USER_AGENT,
    transport,
  } as const;
  const cloud: Cloud = new AlibabaCloud(options);
  const { timeoutMs, concurrency, exemptions, regions: selectors } = config;
  const attemptTimeoutMs = config.attemptTimeoutMs ?? defaultAttemptTimeoutMs(timeoutMs);
  return {
    async readPlan(logStore, hooks) {
      const deadline = startTimeBudget(
        config.deadlineMs ?? DEFAULT_DEADLINE_MS,
        "DEADLINE_EXCEEDED",
      );
      const request = {
        runId,
        trigger: "cli",
        tool: TOOL,
        caller: null,
        selectors,
        exemptions,
        concurrency,
        timeoutMs,
        attemptTimeoutMs,
        deadline,
        logStore,
      } as const;
      try {
        return await readPlan(request, { ...hooks, cloud, clock });
      } finally {
        deadline.release();
      }
    },
    async carryOut(plan, stop, onOutcome) {
      return carryOutPlan(
        plan,
        {
          cloud,
          activator: new VpcActivation(options),
          policy: CLOUD_RETRY_POLICY,
          waitPolicy: WAIT_POLICY,
          timeoutMs,
          attemptTimeoutMs,
          stop,
        },
        { newClientToken: () => newClientToken(runId), onOutcome },
      );
    },
  };
}
