import { AlibabaCloud } from "../alibaba/alibaba-cloud.ts";
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

/** The inputs of a run that are not configuration. */
export interface AuditOrigin {
  readonly credentials: Credentials;
  readonly runId: string;
  readonly trigger: Trigger;
  /** The owner of the credentials; null where STS has to be asked. */
  readonly caller: Caller | null;
  /** The region whose endpoint lists the regions. */
  readonly homeRegionId: string;
  readonly transport: Transport;
  readonly deadline: TimeBudget;
}

/**
 * Audits Alibaba Cloud with the chosen rules, for all entry points.
 *
 * @throws `ScopeError` and `CredentialsError` as {@link runAudit} does
 */
export async function auditCloud(
  config: Config,
  { credentials, homeRegionId, transport, ...origin }: AuditOrigin,
  hooks: Omit<AuditDependencies, "cloud">,
): Promise<Report> {
  const { regions, exemptions, concurrency, timeoutMs, attemptTimeoutMs } = config;
  const { runId } = origin;
  const cloud = cloudIn(languageOf(config), config, {
    credentials,
    homeRegionId,
    runId,
    transport,
  });
  const report = await runAudit(
    {
      ...origin,
      tool: TOOL,
      rules: await loadRules(config.rules),
      settings: settingsWithDefaults(config.settings),
      selectors: regions,
      exemptions,
      concurrency,
      timeoutMs,
      attemptTimeoutMs: attemptTimeoutMs ?? defaultAttemptTimeoutMs(timeoutMs),
    },
    { ...hooks, cloud },
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
      const { value } = await cloudIn(language, config, origin).listRegions(limit);
      return localNamesOf(value);
    },
  };
}

function cloudIn(language: Language, { endpoints }: Config, origin: CloudOrigin): AlibabaCloud {
  return new AlibabaCloud({
    ...origin,
    endpoints,
    acceptLanguage: language === "zh" ? "zh-CN" : "en-US",
    userAgent: USER_AGENT,
  });
}

/** The language of region names: that of the alerts; Chinese where receivers have both. */
function languageOf({ alerts }: Config): Language {
  return alerts.receivers.some((receiver) => receiverLanguage(receiver) === "zh") ? "zh" : "en";
}
