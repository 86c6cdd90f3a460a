import { roleArnOf } from "../../../../shared/audit/account-scope.ts";
import { isAccountId } from "../../../../shared/audit/account-selector.ts";
import { ConfigError } from "../../../../shared/audit/run-error.ts";
import { cloudConfigPolicy } from "../../../../shared/entry/cloud-config-policy.ts";
import { enablePolicy } from "../../../../shared/entry/enable-policy.ts";
import { historyPolicy } from "../../../../shared/entry/history-policy.ts";
import {
  FUNCTION_TRUST_POLICY,
  leastPolicy,
  type PolicyDocument,
} from "../../../../shared/entry/least-policy.ts";
import { externalIdOf, memberPolicies } from "../../../../shared/entry/member-policy.ts";
import {
  auditsOtherAccounts,
  type FunctionAddress,
  organizationPolicy,
} from "../../../../shared/entry/organization-policy.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { type CliRuntime, write, writeNotes } from "../../cli-runtime.ts";
import { type Deployment, deploymentOf } from "../../deployment.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom } from "../../flags/config-options.ts";

export interface PolicyFlags extends ConfigFlags {
  readonly account?: string;
  readonly trust?: boolean;
  readonly enable?: boolean;
  readonly flowLogs?: boolean;
  readonly history?: boolean;
  readonly member?: boolean;
  readonly cloudConfig?: boolean;
  readonly quiet?: boolean;
}

const NO_EXTERNAL_ID =
  "no external id is configured, so the trust policy asks for none: it is recommended to set FLOWLOG_GUARD_EXTERNAL_ID, or organization.externalId";

/** What is printed, and notes about it. */
interface Printed {
  readonly document: object;
  readonly notes?: readonly string[];
}

/**
 * Prints the least RAM policy that the configuration needs, that of who reads kept evidence, the trust policy
 * of the function's role, or both policies of the role in other accounts.
 */
export async function runPolicyCommand(flags: PolicyFlags, runtime: CliRuntime): Promise<ExitCode> {
  const { account: accountId = "*" } = flags;
  if (accountId !== "*" && !isAccountId(accountId)) {
    throw new ConfigError(["--account: is not the id of an account, which is a number"]);
  }
  assertTogether(flags);
  const { document, notes = [] } = await documentFor(flags, accountId, runtime);
  if (flags.quiet !== true) await writeNotes(runtime, notes);
  await write(runtime.stdout, `${JSON.stringify(document, null, 2)}\n`);
  return EXIT_CODES.ALL_WELL;
}

async function documentFor(
  flags: PolicyFlags,
  accountId: string,
  { env }: CliRuntime,
): Promise<Printed> {
  if (flags.trust === true) return { document: FUNCTION_TRUST_POLICY };
  const config = configFrom(flags, env);
  if (flags.history === true) return { document: historyPolicy(config, accountId) };
  const rules = await loadRules(config.rules);
  if (flags.enable === true) {
    return { document: enablePolicy(config, rules, flags.flowLogs === true, accountId) };
  }
  const deployment = deploymentOf(env);
  if (flags.member === true) {
    const externalId = externalIdOf(config);
    return {
      document: memberPolicies(rules, auditingRole(accountId, deployment), externalId),
      notes: externalId === null ? [NO_EXTERNAL_ID] : [],
    };
  }
  const withCloudConfig = flags.cloudConfig === true ? cloudConfigPolicy : asItIs;
  if (!auditsOtherAccounts(config)) {
    return { document: withCloudConfig(leastPolicy(config, rules, accountId)) };
  }
  const { policy, notes } = organizationPolicy(config, rules, {
    accountId,
    auditFunction: functionFor(config.fanOut.function, accountId, deployment),
  });
  return { document: withCloudConfig(policy), notes };
}

function asItIs(policy: PolicyDocument): PolicyDocument {
  return policy;
}

/**
 * The ARN of the role that the functions have, which audits.
 *
 * @throws {@link ConfigError} where its account is not known
 */
function auditingRole(given: string, deployment: Deployment): string {
  const accountId = auditingAccount(given, deployment);
  const { roleName } = deployment;
  const problems = [
    accountId === "*" &&
      "--member: the role trusts the account that audits: name that account with --account, or set ACCOUNT_ID",
    !/^[\w.-]{1,64}$/.test(roleName) && "ROLE_NAME: is not the name of a role",
  ].filter((problem) => problem !== false);
  if (problems.length > 0) throw new ConfigError(problems);
  return roleArnOf({ accountId, roleName });
}

/** The function that audits parts; the configuration may name another one than that of the deployment. */
function functionFor(
  configured: string | null,
  given: string,
  deployment: Deployment,
): FunctionAddress {
  return {
    accountId: auditingAccount(given, deployment),
    regionId: deployment.regionId ?? "*",
    name: configured ?? deployment.auditFunction,
  };
}

/**
 * The account that audits; `*` where neither the flag nor the deployment names it.
 *
 * @throws {@link ConfigError} where the deployment's is none
 */
function auditingAccount(given: string, { accountId }: Deployment): string {
  if (given !== "*" || accountId === null) return given;
  if (isAccountId(accountId)) return accountId;
  throw new ConfigError(["ACCOUNT_ID: is not the id of an account, which is a number"]);
}

/** @throws {@link ConfigError} for flags that exclude or need each other */
function assertTogether({
  enable,
  flowLogs,
  trust,
  member,
  cloudConfig,
  history,
}: PolicyFlags): void {
  const problems = [
    flowLogs === true && enable !== true && "--flow-logs: is for --enable only",
    enable === true &&
      trust === true &&
      "--trust: means nothing beside --enable: the function enables nothing",
    history === true &&
      (enable === true || trust === true || member === true || cloudConfig === true) &&
      "--history: prints the policy of who reads kept evidence, which is another identity's: take the other flags out",
    member === true &&
      (enable === true || trust === true) &&
      "--member: prints both policies of the role in other accounts: take the other flags out",
    cloudConfig === true &&
      (enable === true || trust === true || member === true) &&
      "--cloud-config: is about the policy of the audit function: take the other flags out",
  ].filter((problem) => problem !== false);
  if (problems.length > 0) throw new ConfigError(problems);
}
