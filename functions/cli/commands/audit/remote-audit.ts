import { CallError } from "../../../../shared/audit/call-error.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { CredentialsError, RemoteError } from "../../../../shared/audit/run-error.ts";
import { isRegionId } from "../../../../shared/audit/scope.ts";
import { readConfigFile } from "../../../../shared/config/config-file.ts";
import { resolveConfig } from "../../../../shared/config/config.ts";
import { configFileOf, readEnvironmentLayer } from "../../../../shared/config/environment.ts";
import { withoutUndefined } from "../../../../shared/config/fields.ts";
import {
  type ConfigFile,
  type ConfigLayer,
  readFileLayer,
} from "../../../../shared/config/layer.ts";
import { createTransport, type Transport } from "../../../../shared/http/transport.ts";
import type { Environment } from "../../../../shared/program/environment.ts";
import { USER_AGENT } from "../../../../shared/program/tool.ts";
import { acceptReport } from "../../../../shared/report/accept-report.ts";
import { startTimeBudget } from "../../../../shared/retry/time-budget.ts";
import { RULE_IDS } from "../../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { askCallerIdentity } from "../../../../shared/run/identify-caller.ts";
import { CLOUD_RETRY_POLICY } from "../../../../shared/run/run-audit.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import type { Endpoints } from "../../../../shared/service/endpoints.ts";
import type { CliRuntime } from "../../cli-runtime.ts";
import { deploymentOf } from "../../deployment.ts";
import { CLI_VARIABLES, readFlags, scopeFlagsOf } from "../../flags/config-options.ts";
import { type CredentialsFlags, credentialsFinder } from "../../local/local-audit.ts";

/** The flags of an audit through the deployed function. */
export interface RemoteFlags extends CredentialsFlags {
  readonly regions?: string;
  readonly accounts?: string;
  readonly rules?: string;
  readonly function?: string;
  readonly region?: string;
  readonly qualifier?: string;
  readonly account?: string;
}

const IDENTIFY_TIMEOUT_MS = 10_000;
/** Longer than an audit of every region needs. The function also has its own time-out. */
const INVOKE_TIMEOUT_MS = 15 * 60_000;

/**
 * Audits through the deployed audit function: with its role, its network and its configuration.
 *
 * @throws `ConfigError` when a flag is wrong
 * @throws `CredentialsError` when there are no credentials to invoke it with, or they are refused
 * @throws `RemoteError` when it could not be invoked, failed, or gave no report
 */
export async function auditRemotely(flags: RemoteFlags, runtime: CliRuntime): Promise<Report> {
  const { env, clock } = runtime;
  const deployment = deploymentOf(env);
  const regionId = flags.region ?? deployment.regionId ?? "";
  const functionName = flags.function ?? deployment.auditFunction;
  const asked = scopeFlagsOf(flags);
  const { endpoints, regions, rules, accounts, proxy } = resolveConfig(
    { values: {}, problems: problemsOf(flags, regionId, functionName) },
    endpointsOf(readConfigFile(configFileOf(env)), env),
    onlyEndpoints(readEnvironmentLayer(env, CLI_VARIABLES)),
    readFlags(asked),
  );
  const { invokeAudit } = await import("../../../../shared/alibaba/fc.ts");
  const finder = await credentialsFinder(flags, { endpoints }, runtime);
  using transport = createTransport(proxy);
  const credentials = await finder.find(newRunId(), transport);
  const accountId =
    flags.account ?? (await identifyAccount(credentials, endpoints, regionId, transport));
  const budget = startTimeBudget(INVOKE_TIMEOUT_MS, "TIMEOUT");
  const atMs = clock().getTime();
  try {
    const answer = await invokeAudit(
      {
        credentials,
        accountId,
        regionId,
        functionName,
        qualifier: flags.qualifier,
        endpoint: endpoints.fc,
        transport,
      },
      asked,
      budget,
    );
    const accepted = acceptReport(answer, await loadRules(RULE_IDS), {
      selectors: flags.regions === undefined ? null : regions,
      ruleIds: flags.rules === undefined ? null : rules,
      accountId,
      accounts: accounts.selectors,
      atMs,
      answeredAtMs: clock().getTime(),
    });
    if ("report" in accepted) return accepted.report;
    throw new RemoteError(
      `What the function ${functionName} answered is no report of what it was asked, or none that this version reads: ${accepted.problem}. Deploy the same version, and look at who else may change the function.`,
    );
  } finally {
    budget.release();
  }
}

/** Keeps only the endpoints: the other values would need those of the file, which is not read. */
function onlyEndpoints(layer: ConfigLayer): ConfigLayer {
  return { ...layer, values: withoutUndefined({ endpoints: layer.values.endpoints }) };
}

/** The endpoints in the configuration file: all of it that a remote audit uses. */
function endpointsOf(file: ConfigFile | null, env: Environment): ConfigLayer {
  const { endpoints }: Record<string, unknown> = { ...Object(file?.values) };
  if (file === null || endpoints === undefined) return { values: {}, problems: [] };
  return readFileLayer({ ...file, values: { endpoints } }, env);
}

async function identifyAccount(
  credentials: Credentials,
  endpoints: Endpoints,
  regionId: string,
  transport: Transport,
): Promise<string> {
  const { AlibabaCloud } = await import("../../../../shared/alibaba/alibaba-cloud.ts");
  const cloud = new AlibabaCloud({
    credentials,
    endpoints,
    homeRegionId: regionId,
    runId: newRunId(),
    acceptLanguage: "en-US",
    userAgent: USER_AGENT,
    transport,
  });
  const budget = startTimeBudget(IDENTIFY_TIMEOUT_MS, "TIMEOUT");
  try {
    return (await askCallerIdentity(cloud, [regionId], CLOUD_RETRY_POLICY, budget)).accountId;
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.code === "CREDENTIALS_INVALID") {
      throw new CredentialsError(error.message, { cause: error });
    }
    throw new RemoteError(
      `The account of the credentials could not be learnt: ${error.message} Name it with --account.`,
      { cause: error },
    );
  } finally {
    budget.release();
  }
}

function problemsOf(flags: RemoteFlags, regionId: string, functionName: string): string[] {
  const { account, qualifier } = flags;
  const nameFrom = flags.function === undefined ? "DEPLOY_NAME" : "--function";
  return [
    regionId === "" &&
      "--region: is not given, and DEPLOY_REGION is not set: name the region that the function is in",
    regionId !== "" && !isRegionId(regionId) && "--region: is not a region id, such as cn-hangzhou",
    account !== undefined &&
      !/^\d{1,32}$/.test(account) &&
      "--account: is not the id of an account, which is a number",
    !/^[A-Za-z_][\w-]{0,127}$/.test(functionName) && `${nameFrom}: is not the name of a function`,
    qualifier !== undefined &&
      !/^[\w-]{1,128}$/.test(qualifier) &&
      "--qualifier: is not a version or an alias",
  ].filter((problem) => problem !== false);
}
