import { AlibabaCloud } from "../../shared/alibaba/alibaba-cloud.ts";
import { AlibabaOrganization } from "../../shared/alibaba/alibaba-organization.ts";
import type { Report } from "../../shared/audit/report.ts";
import { DEFAULT_RULE_SETTINGS } from "../../shared/audit/rule-settings.ts";
import { defaultAttemptTimeoutMs } from "../../shared/config/default-times.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import { DEFAULT_RULES } from "../../shared/rules/rules.ts";
import {
  type AuditDependencies,
  type AuditRequest,
  CLOUD_RETRY_POLICY,
  runAudit,
} from "../../shared/run/run-audit.ts";
import { type Endpoints } from "../../shared/service/endpoints.ts";
import type { World } from "../emulator/world.ts";
import { cloudOptions, type EmulatorAddress } from "./cloud-options.ts";

export interface AuditOverrides extends Partial<Omit<AuditRequest, "deadline">> {
  readonly deadlineMs?: number;
  /** Endpoints of regions that are not at the emulator. */
  readonly vpcEndpoints?: Endpoints["vpc"];
  readonly retryBaseMs?: number;
  /** Attempts where the service throttles, which the account's pace spaces. @default those of a run */
  readonly maxThrottledAttempts?: number;
  readonly onEvaluated?: AuditDependencies["onEvaluated"];
}

/** Audits an emulated cloud in this process: the real SDK, over a socket, with short waits. */
export async function auditEmulator(
  emulator: EmulatorAddress & { readonly world: Pick<World, "regions"> },
  overrides: AuditOverrides = {},
): Promise<Report> {
  const {
    deadlineMs = 10_000,
    vpcEndpoints = {},
    retryBaseMs = 1,
    maxThrottledAttempts = CLOUD_RETRY_POLICY.maxThrottledAttempts,
    onEvaluated = () => {},
    timeoutMs = 5_000,
    ...request
  } = overrides;
  const deadline = startTimeBudget(deadlineMs, "DEADLINE_EXCEEDED");
  using transport = createTransport(null);
  const options = cloudOptions(emulator, transport);
  const { endpoints } = options;
  const runId = request.runId ?? options.runId;
  const cloudOptionsOfRun = {
    ...options,
    runId,
    endpoints: { ...endpoints, vpc: { ...endpoints.vpc, ...vpcEndpoints } },
  };
  const cloud = new AlibabaCloud(cloudOptionsOfRun);
  const organization = new AlibabaOrganization({
    ...cloudOptionsOfRun,
    credentials: async () => options.credentials,
    clock: () => new Date(),
  });
  try {
    return await runAudit(
      {
        trigger: "cli",
        tool: { name: "flowlog-guard", version: "0.0.0" },
        rules: DEFAULT_RULES,
        accounts: null,
        selectors: Object.keys(emulator.world.regions),
        settings: DEFAULT_RULE_SETTINGS,
        exemptions: [],
        caller: null,
        concurrency: 32,
        ...request,
        timeoutMs,
        attemptTimeoutMs: request.attemptTimeoutMs ?? defaultAttemptTimeoutMs(timeoutMs),
        runId,
        deadline,
      },
      {
        cloud,
        organization,
        clock: () => new Date(),
        onEvaluated,
        retryPolicy: {
          ...CLOUD_RETRY_POLICY,
          baseDelayMs: retryBaseMs,
          ...(maxThrottledAttempts !== undefined && { maxThrottledAttempts }),
        },
      },
    );
  } finally {
    deadline.release();
  }
}
