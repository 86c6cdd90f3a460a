import { AlibabaCloud, type AlibabaCloudOptions } from "../alibaba/alibaba-cloud.ts";
import type { Organization } from "../audit/organization.ts";
import type { Caller, Report, Trigger } from "../audit/report.ts";
import type { RegionNames } from "../conclude/region-names.ts";
import type { Config } from "../config/config.ts";
import { defaultAttemptTimeoutMs } from "../config/default-times.ts";
import { settingsWithDefaults, warningsOfSettings } from "../config/rule-settings.ts";
import type { Transport } from "../http/transport.ts";
import type { Language } from "../notify/receiver-options.ts";
import { receiverLanguage } from "../notify/receivers.ts";
import { TOOL, USER_AGENT } from "../program/tool.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import { loadRules } from "../rules/rules.ts";
import { localNamesOf } from "../run/resolve-scope.ts";
import { type AuditDependencies, runAudit } from "../run/run-audit.ts";
import type { Credentials } from "../service/credentials.ts";
import { accountsRequestOf } from "./accounts-request.ts";

/** The inputs of a run that are not configuration. */
export interface AuditOrigin {
  readonly credentials: Credentials;
  /**
   * The same credentials, renewed where they have expired: for the roles of a long run. @default
   * `credentials`
   */
  readonly renewedCredentials?: () => Promise<Credentials>;
  readonly runId: string;
  readonly trigger: Trigger;
  /** The owner of the credentials; null where STS has to be asked. */
  readonly caller: Caller | null;
  /** The region whose endpoint lists the regions, and whose STS endpoint assumes roles. */
  readonly homeRegionId: string;
  readonly transport: Transport;
  readonly deadline: TimeBudget;
  /** See `AuditRequest`. */
  readonly stsCallsPerSecond?: number;
}

/**
 * Audits Alibaba Cloud with the chosen rules, for all entry points.
 *
 * @throws `ScopeError`, `ConfigError` and `CredentialsError` as {@link runAudit} does
 */
export async function auditCloud(
  config: Config,
  { credentials, renewedCredentials, homeRegionId, transport, ...origin }: AuditOrigin,
  hooks: Omit<AuditDependencies, "cloud" | "organization">,
): Promise<Report> {
  const { regions, exemptions, concurrency, timeoutMs, attemptTimeoutMs } = config;
  const accounts = accountsRequestOf(config);
  const options = cloudOptions(languageOf(config), config, {
    credentials,
    homeRegionId,
    runId: origin.runId,
    transport,
  });
  const source = renewedCredentials ?? (async () => credentials);
  const organization = accounts === null ? undefined : await organizationOf(options, source, hooks);
  const report = await runAudit(
    {
      ...origin,
      tool: TOOL,
      rules: await loadRules(config.rules),
      settings: settingsWithDefaults(config.settings),
      selectors: regions,
      accounts,
      homeRegionId,
      exemptions,
      concurrency,
      timeoutMs,
      attemptTimeoutMs: attemptTimeoutMs ?? defaultAttemptTimeoutMs(timeoutMs),
    },
    { ...hooks, cloud: new AlibabaCloud(options), organization },
  );
  const warnings = [...warningsOfSettings(config), ...(report.warnings ?? [])];
  return warnings.length === 0 ? report : { ...report, warnings };
}

/** The credentials and the connection of calls to the cloud. */
export type CloudOrigin = Pick<AuditOrigin, "credentials" | "homeRegionId" | "runId" | "transport">;

/** Finds the names of the regions of such an audit in another language than the report's. */
export function regionNamesOf(config: Config, origin: CloudOrigin): RegionNames {
  return {
    language: languageOf(config),
    async ask(language, limit) {
      const cloud = new AlibabaCloud(cloudOptions(language, config, origin));
      const { value } = await cloud.listRegions(limit);
      return localNamesOf(value);
    },
  };
}

function cloudOptions(
  language: Language,
  { endpoints }: Config,
  origin: CloudOrigin,
): AlibabaCloudOptions {
  return {
    ...origin,
    endpoints,
    acceptLanguage: language === "zh" ? "zh-CN" : "en-US",
    userAgent: USER_AGENT,
  };
}

async function organizationOf(
  options: AlibabaCloudOptions,
  credentials: () => Promise<Credentials>,
  { clock }: Pick<AuditDependencies, "clock">,
): Promise<Organization> {
  const { AlibabaOrganization } = await import("../alibaba/alibaba-organization.ts");
  return new AlibabaOrganization({ ...options, credentials, clock });
}

/** The language of region names: that of the alerts; Chinese where receivers have both. */
function languageOf({ alerts }: Config): Language {
  return alerts.receivers.some((receiver) => receiverLanguage(receiver) === "zh") ? "zh" : "en";
}
