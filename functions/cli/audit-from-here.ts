import type { Report } from "../../shared/audit/report.ts";
import { type Config, DEFAULT_DEADLINE_MS } from "../../shared/config/config.ts";
import type { AuditDependencies } from "../../shared/run/run-audit.ts";
import { startTimeBudget } from "../../shared/time-budget.ts";
import type { World } from "./world.ts";

/** Lists the regions of every account; the regions themselves are asked at their own endpoints. */
const HOME_REGION_ID = "cn-hangzhou";

/**
 * Audits from this machine, with the credentials that are found now.
 *
 * @throws `CredentialsError` and `ScopeError` when the audit could not run
 */
export async function auditFromHere(
  config: Config,
  run: { readonly runId: string; readonly trigger: "cli" | "schedule" },
  { env, clock }: World,
  hooks: Pick<AuditDependencies, "onScope" | "onOutcome"> = {},
): Promise<Report> {
  const deadlineMs = config.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const deadline = startTimeBudget(deadlineMs, "DEADLINE_EXCEEDED");
  try {
    // Only here: the SDK takes longer to load than all the rest, and --help does not need it.
    const { resolveCredentials } = await import("../../shared/alibaba/credentials.ts");
    const { auditCloud } = await import("../../shared/audit-cloud.ts");
    const credentials = await resolveCredentials(env);
    const origin = { ...run, credentials, caller: null, homeRegionId: HOME_REGION_ID, deadline };
    return await auditCloud(config, origin, { ...hooks, clock });
  } finally {
    deadline.release();
  }
}
