import type { CredentialsFinder } from "../../../shared/alibaba/credentials/credentials-finder.ts";
import { renewCredentials } from "../../../shared/alibaba/credentials/renew-credentials.ts";
import type { Report } from "../../../shared/audit/report.ts";
import type { RegionNames } from "../../../shared/conclude/region-names.ts";
import type { Config } from "../../../shared/config/config.ts";
import { DEFAULT_DEADLINE_MS } from "../../../shared/config/default-times.ts";
import type { AuditOrigin } from "../../../shared/entry/audit-cloud.ts";
import type { Transport } from "../../../shared/http/transport.ts";
import { USER_AGENT } from "../../../shared/program/tool.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import type { AuditDependencies } from "../../../shared/run/run-audit.ts";
import type { Credentials } from "../../../shared/service/credentials.ts";
import type { CliRuntime } from "../cli-runtime.ts";

/** The region whose endpoint lists the regions; each region is then asked at its own endpoint. */
export const HOME_REGION_ID = "cn-hangzhou";

/** The flags that all commands with credentials have. */
export interface CredentialsFlags {
  readonly profile?: string;
}

/** A run from this machine. */
export interface LocalRun {
  readonly runId: string;
  readonly transport: Transport;
}

/**
 * Prepares the search for the credentials that the user chose, for one run or for many.
 *
 * @returns the search itself
 */
export async function credentialsFinder(
  { profile }: CredentialsFlags,
  { endpoints }: Pick<Config, "endpoints">,
  { env, clock }: CliRuntime,
): Promise<CredentialsFinder> {
  // Imported only here: the SDK loads slower than all the rest, and --help does not need it.
  const { CredentialsFinder: Finder } =
    await import("../../../shared/alibaba/credentials/credentials-finder.ts");
  return new Finder({ env, profile, stsEndpoint: endpoints.sts, userAgent: USER_AGENT, clock });
}

/** The credentials of one run. */
export interface RunCredentials extends Required<Pick<AuditOrigin, "renewedCredentials">> {
  /** Those that the run begins with. */
  readonly credentials: Credentials;
}

/**
 * Finds the credentials of one run.
 *
 * @throws `CredentialsError` when there are none
 */
export async function findCredentials(
  finder: CredentialsFinder,
  { runId, transport }: LocalRun,
  { clock }: CliRuntime,
): Promise<RunCredentials> {
  const find = async (): Promise<Credentials> => finder.find(runId, transport);
  const credentials = await find();
  return { credentials, renewedCredentials: renewCredentials(credentials, find, clock) };
}

/**
 * Audits from this machine.
 *
 * @throws `CredentialsError` and `ScopeError` when the audit could not run
 */
export async function auditLocally(
  config: Config,
  run: LocalRun & Pick<AuditOrigin, "trigger" | "renewedCredentials">,
  credentials: Credentials,
  { clock }: CliRuntime,
  hooks: Pick<AuditDependencies, "assumeAccount" | "onScope" | "onEvaluated"> = {},
): Promise<Report> {
  const deadlineMs = config.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const deadline = startTimeBudget(deadlineMs, "DEADLINE_EXCEEDED");
  try {
    const { auditCloud } = await import("../../../shared/entry/audit-cloud.ts");
    const origin = { ...run, credentials, caller: null, homeRegionId: HOME_REGION_ID, deadline };
    return await auditCloud(config, origin, { ...hooks, clock });
  } finally {
    deadline.release();
  }
}

/** Finds the names of the regions of such an audit in other languages. */
export async function localRegionNames(
  config: Config,
  { runId, transport }: LocalRun,
  credentials: Credentials,
): Promise<RegionNames> {
  const { regionNamesOf } = await import("../../../shared/entry/audit-cloud.ts");
  return regionNamesOf(config, { runId, transport, credentials, homeRegionId: HOME_REGION_ID });
}
