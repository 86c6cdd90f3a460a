import { ConfigError } from "../../../shared/audit/run-error.ts";
import { selectorMatcher } from "../../../shared/audit/scope.ts";
import type { Config } from "../../../shared/config/config.ts";
import { accountsRequestOf } from "../../../shared/entry/accounts-request.ts";
import type { EvaluationTask } from "./evaluation-task.ts";

/**
 * The configuration of the audit that a task needs: its account alone, and for a VPC the VPC's region alone.
 * Which accounts can be audited, and by which role, is up to the deployed configuration.
 *
 * @param ownAccountId - the function's account; empty where it is not known
 * @throws {@link ConfigError} when the account is another one, and none but the own is configured
 */
export function configOfTask(
  config: Config,
  { scope, resource }: EvaluationTask,
  ownAccountId: string,
): Config {
  const { accountId, regionId } = resource;
  const audited = { ...config, ...(scope === "vpc" && inRegion(config, regionId)) };
  if (accountsRequestOf(config) !== null) {
    return { ...audited, accounts: { ...audited.accounts, selectors: [accountId] } };
  }
  if (ownAccountId === "" || ownAccountId === accountId) return audited;
  throw new ConfigError([
    `event: is about the account ${accountId}, and this function audits only its own account, ${ownAccountId}. For a rule of an account group, configure organization or accounts.`,
  ]);
}

function inRegion({ accounts }: Config, regionId: string): Pick<Config, "regions" | "accounts"> {
  const entries = accounts.entries?.map(({ regions: _others, ...entry }) => entry) ?? null;
  return { regions: [regionId], accounts: { ...accounts, entries } };
}

/** Whether the configuration audits the region of a task's resource in its account. */
export function isRegionInScope(
  { regions, accounts }: Config,
  { resource: { accountId, regionId } }: EvaluationTask,
): boolean {
  const own = accounts.entries?.find(({ id }) => id === accountId)?.regions;
  return selectorMatcher(own ?? regions)(regionId);
}
