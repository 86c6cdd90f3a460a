import type { Config } from "../../shared/config/config.ts";
import type { FunctionHooks, FunctionRun } from "../../shared/entry/audit-function.ts";
import { credentialsOf, type FunctionContext } from "../../shared/entry/function-context.ts";
import type { FunctionRuntime } from "../../shared/entry/function-runtime.ts";
import { loadRules } from "../../shared/rules/rules.ts";

/** Audits accounts in this invocation, or divides them among invocations of the audit function. */
export function accountsAuditor(
  config: Config,
  { runId, transport }: FunctionRun,
  context: FunctionContext,
  { clock }: FunctionRuntime,
): NonNullable<FunctionHooks["auditAccounts"]> {
  return async (scope, auditHere, deadline) => {
    const { fanOut } = await import("../../shared/fan-out/fan-out.ts");
    const run = {
      options: config.fanOut,
      runId,
      rules: config.rules,
      cards: await loadRules(config.rules),
      deadline,
      clock,
      credentials: credentialsOf(context),
      accountId: context.accountId,
      regionId: context.region,
      functionName: context.function.name,
      endpoint: config.endpoints.fc,
      transport,
    };
    return fanOut(scope, run, async () => auditHere(scope));
  };
}
