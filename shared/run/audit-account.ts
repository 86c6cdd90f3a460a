import pMap from "p-map";

import type { ScopedAccount } from "../audit/account-scope.ts";
import type { Cloud } from "../audit/cloud.ts";
import type { Finding } from "../audit/finding.ts";
import type { AuditedAccount } from "../audit/region-reader.ts";
import { type Caller, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import type { RuleSettings } from "../audit/rule-settings.ts";
import type { RegionSelector } from "../audit/scope.ts";
import { Pace } from "../retry/pace.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { Rule } from "../rules/rule.ts";
import { CredentialsWatch } from "./credentials-watch.ts";
import { evaluateRegion } from "./evaluate-region.ts";
import type { Evaluation } from "./evaluate-rule.ts";
import { explainMissingHost, explainNetworkDown } from "./host-failures.ts";
import { identifyCaller } from "./identify-caller.ts";
import { CloudRegionReader, type ReadOptions } from "./region-reader.ts";
import { resolveScope } from "./resolve-scope.ts";
import { toFinding } from "./to-finding.ts";

/** What to audit in an account. */
export interface AccountRequest {
  readonly rules: readonly Rule[];
  readonly selectors: readonly RegionSelector[];
  /** The parameters of the rules. */
  readonly settings: RuleSettings;
  /** The owner of the credentials; null where it is to be asked. */
  readonly caller: Caller | null;
  /** Regions asked at once, from 1. */
  readonly concurrency: number;
}

/** Reports the progress of an audit, and supplies the account where STS does not. */
export interface AccountHooks {
  /** Returns the account to assume where the caller could not be identified; null for none. */
  readonly assumeAccount?: (() => Promise<string | null>) | undefined;
  /**
   * Called once the regions are known, with the ids of regions and rules, and with the accounts where
   * not only that of the credentials is audited.
   */
  readonly onScope?:
    | ((
        regionIds: readonly string[],
        ruleIds: readonly string[],
        accounts?: readonly ScopedAccount[],
      ) => void)
    | undefined;
  /**
   * Called when a rule was evaluated in a region, with all its evaluations, and with the account where
   * `onScope` had accounts; in no order.
   */
  readonly onEvaluated?:
    | ((evaluations: readonly Evaluation[], account?: ScopedAccount) => void)
    | undefined;
}

/** What was found in an account. */
export interface AccountAudit {
  /** The account's id, or {@link UNKNOWN_ACCOUNT}. */
  readonly accountId: string;
  /** Null where it could not be identified. */
  readonly caller: Caller | null;
  /** Whether `accountId` is what {@link AccountHooks.assumeAccount} returned. */
  readonly assumed: boolean;
  /** Sorted. */
  readonly regionIds: readonly string[];
  /** In no order. */
  readonly findings: readonly Finding[];
}

/**
 * Audits one account: every rule in every region that the selectors match, with the credentials
 * of `cloud`.
 *
 * @param limits - `deadline` ends the account's audit; what was not read by then is `INSUFFICIENT_DATA`
 * @throws `ScopeError` when the regions could not be resolved
 * @throws `CredentialsError` when the credentials are refused
 */
export async function auditAccount(
  cloud: Cloud,
  { rules, settings, selectors, caller: knownCaller, concurrency }: AccountRequest,
  limits: Omit<ReadOptions, "gate">,
  { assumeAccount, onScope, onEvaluated }: AccountHooks,
): Promise<AccountAudit> {
  const deadline = startTimeBudget(
    limits.deadline.remainingMs(),
    "DEADLINE_EXCEEDED",
    limits.deadline,
  );
  const within = { ...limits, deadline, gate: new Pace(deadline) };
  const credentialsWatch = new CredentialsWatch();
  let finished = false;
  try {
    const scope = await resolveScope(selectors, cloud, within);
    if (scope.asked) credentialsWatch.accept();
    const { regionIds, localNames, listed } = scope;
    onScope?.(
      regionIds,
      rules.map(({ id }) => id),
    );

    const identified =
      knownCaller === null
        ? identifyCaller(cloud, regionIds, within.policy, deadline, credentialsWatch)
        : Promise.resolve({ caller: knownCaller, hostResolved: false });
    let assumed: Promise<string | null> | undefined;
    const account = async (): Promise<AuditedAccount | null> => {
      const { caller } = await identified;
      if (caller !== null) return { id: caller.accountId, assumed: false };
      const id = await (assumed ??= askInTime(assumeAccount, deadline));
      return id === null ? null : { id, assumed: true };
    };
    const observe = (evaluated: readonly Evaluation[]): readonly Evaluation[] => {
      const evaluations = explainMissingHost(evaluated, listed);
      if (!finished) {
        for (const evaluation of evaluations) credentialsWatch.observe(evaluation);
        onEvaluated?.(evaluations);
      }
      return evaluations;
    };
    const readRegion = (regionId: string): Promise<readonly Evaluation[]> => {
      const region = new CloudRegionReader(cloud, regionId, account, within);
      return evaluateRegion(rules, region, settings, observe);
    };
    const answers = Promise.all([pMap(regionIds, readRegion, { concurrency }), identified]);
    const [evaluations, { caller, hostResolved }] = await Promise.race([
      answers,
      credentialsWatch.refusal,
    ]);
    credentialsWatch.assertNotRefused();

    const known = await account();
    const knownId = known?.id ?? UNKNOWN_ACCOUNT;
    const findings = explainNetworkDown(evaluations.flat(), scope.asked || hostResolved).map(
      (evaluation) => toFinding(evaluation, knownId, localNames.get(evaluation.regionId)),
    );
    return {
      accountId: knownId,
      caller,
      assumed: known?.assumed === true,
      regionIds,
      findings,
    };
  } finally {
    // Cancels calls that are still under way.
    finished = true;
    deadline.cancel();
    deadline.release();
    credentialsWatch.release();
  }
}

/** @returns null also where the deadline is reached first */
async function askInTime(
  assumeAccount: AccountHooks["assumeAccount"],
  { signal }: TimeBudget,
): Promise<string | null> {
  if (assumeAccount === undefined || signal.aborted) return null;
  const ended = new Promise<null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  return Promise.race([assumeAccount(), ended]);
}
