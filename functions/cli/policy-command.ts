import { ConfigError } from "../../shared/audit/run-error.ts";
import { enablePolicy } from "../../shared/entry/enable-policy.ts";
import {
  FUNCTION_TRUST_POLICY,
  leastPolicy,
  type PolicyDocument,
} from "../../shared/entry/least-policy.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import { type CliRuntime, write } from "./cli-runtime.ts";
import { type ConfigFlags, configFrom } from "./config-options.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";

export interface PolicyFlags extends ConfigFlags {
  readonly account?: string;
  readonly trust?: boolean;
  readonly enable?: boolean;
  readonly flowLogs?: boolean;
}

/** Prints the least RAM policy that the configuration needs, or the trust policy of the role. */
export async function runPolicyCommand(flags: PolicyFlags, runtime: CliRuntime): Promise<ExitCode> {
  const { account: accountId = "*" } = flags;
  if (accountId !== "*" && !/^\d{1,32}$/.test(accountId)) {
    throw new ConfigError(["--account: is not the id of an account, which is a number"]);
  }
  assertTogether(flags);
  const policy =
    flags.trust === true ? FUNCTION_TRUST_POLICY : await policyFor(flags, accountId, runtime);
  await write(runtime.stdout, `${JSON.stringify(policy, null, 2)}\n`);
  return EXIT_CODES.ALL_WELL;
}

async function policyFor(
  flags: PolicyFlags,
  accountId: string,
  { env }: CliRuntime,
): Promise<PolicyDocument> {
  const config = configFrom(flags, env);
  const rules = await loadRules(config.rules);
  return flags.enable === true
    ? enablePolicy(config, rules, flags.flowLogs === true, accountId)
    : leastPolicy(config, rules, accountId);
}

/** @throws {@link ConfigError} for flags that exclude or need each other */
function assertTogether({ enable = false, flowLogs = false, trust = false }: PolicyFlags): void {
  if (flowLogs && !enable) throw new ConfigError(["--flow-logs: is for --enable only"]);
  if (enable && trust) {
    throw new ConfigError(["--trust: means nothing beside --enable: the function enables nothing"]);
  }
}
