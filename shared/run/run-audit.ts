import pMap from "p-map";

import type { Cloud } from "../audit/cloud.ts";
import { applyExemptions, type Exemption } from "../audit/exemption.ts";
import type { Finding } from "../audit/finding.ts";
import {
  type Caller,
  type Report,
  sortFindings,
  summarize,
  type Trigger,
  UNKNOWN_ACCOUNT,
} from "../audit/report.ts";
import { summarizeRule } from "../audit/rule-card.ts";
import type { RegionSelector } from "../audit/scope.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import type { Rule } from "../rules/rule.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import { CredentialsWatch } from "./credentials-watch.ts";
import { evaluateRegion, type Outcome } from "./evaluate-region.ts";
import { identifyCaller } from "./identify-caller.ts";
import { NETWORK_DOWN } from "./network-down.ts";
import { resolveScope } from "./resolve-scope.ts";

/** Throttling and passing faults: waits of up to 200, 400 and 800 ms, or as the service asks. */
export const CLOUD_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 4,
  baseDelayMs: 200,
  maxDelayMs: 5_000,
};

export interface AuditRequest {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly tool: { readonly name: string; readonly version: string };
  readonly rules: readonly Rule[];
  readonly selectors: readonly RegionSelector[];
  readonly exemptions: readonly Exemption[];
  /** Whose credentials they are, where that is known without asking. */
  readonly caller: Caller | null;
  /** Regions asked at once, from 1. */
  readonly concurrency: number;
  /** Milliseconds for one region: all attempts and the waits between them. */
  readonly timeoutMs: number;
  /** Milliseconds for one attempt at a region, or at the list of regions. */
  readonly attemptTimeoutMs: number;
  /** The time of the whole run. */
  readonly deadline: TimeBudget;
}

export interface AuditDependencies {
  readonly cloud: Cloud;
  readonly clock: () => Date;
  /** @default {@link CLOUD_RETRY_POLICY} */
  readonly retryPolicy?: RetryPolicy;
  /** Says which account is assumed where the caller could not be learnt; null for none. */
  readonly assumeAccount?: (() => Promise<string | null>) | undefined;
  /** Told the regions once they are known. */
  readonly onScope?: (regionIds: readonly string[]) => void;
  /** Told each outcome as it comes in, in no order. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/**
 * Audits the whole scope. Every region and rule is in the report exactly once, also when the
 * deadline strikes: what could not be read is `INSUFFICIENT_DATA`.
 *
 * @throws `ScopeError` when the regions could not be worked out
 * @throws `CredentialsError` when the credentials are refused
 */
export async function runAudit(
  request: AuditRequest,
  dependencies: AuditDependencies,
): Promise<Report> {
  const { cloud, clock, onScope, onOutcome } = dependencies;
  const { retryPolicy: policy = CLOUD_RETRY_POLICY } = dependencies;
  const startedAt = clock().toISOString();
  const { timeoutMs, attemptTimeoutMs, selectors } = request;
  const deadline = startTimeBudget(
    request.deadline.remainingMs(),
    "DEADLINE_EXCEEDED",
    request.deadline,
  );
  const limits = { policy, timeoutMs, attemptTimeoutMs, deadline, clock };
  const credentials = new CredentialsWatch();
  let finished = false;
  let listed: ReadonlySet<string> = new Set();
  const evaluate = async ([rule, regionId]: [Rule, string]): Promise<Outcome> => {
    const outcome = blameHost(await evaluateRegion(rule, cloud, regionId, limits), listed);
    if (!finished) {
      credentials.observe(outcome.reason);
      onOutcome?.(outcome);
    }
    return outcome;
  };

  try {
    const scope = await resolveScope(selectors, cloud, limits);
    if (scope.asked) credentials.accept();
    const { regionIds, localNames } = scope;
    listed = scope.listed;
    onScope?.(regionIds);

    const questions = regionIds.flatMap((regionId) =>
      request.rules.map((rule): [Rule, string] => [rule, regionId]),
    );
    const asked = Promise.all([
      pMap(questions, evaluate, { concurrency: request.concurrency }),
      request.caller === null
        ? identifyCaller(cloud, regionIds, policy, deadline, credentials)
        : { caller: request.caller, hostResolved: false },
    ]);
    const [outcomes, { caller, hostResolved }] = await Promise.race([asked, credentials.refusal]);
    credentials.assertNotRefused();

    const someHostResolved = scope.asked || hostResolved;
    const assumed = caller === null ? await withinTime(dependencies.assumeAccount, deadline) : null;
    const accountId = caller?.accountId ?? assumed ?? UNKNOWN_ACCOUNT;
    const found = sortFindings(
      blameNetwork(outcomes, someHostResolved).map((outcome) =>
        toFinding(outcome, accountId, localNames.get(outcome.regionId)),
      ),
    );
    const applied = applyExemptions(found, request.exemptions, startedAt);
    const { findings } = applied;
    const warnings = [...(assumed === null ? [] : [assumes(assumed)]), ...applied.warnings];
    return {
      schemaVersion: 1,
      tool: request.tool,
      runId: request.runId,
      trigger: request.trigger,
      startedAt,
      finishedAt: clock().toISOString(),
      caller,
      ...(assumed !== null && { accountAssumed: true }),
      scope: { accounts: [accountId], regions: regionIds },
      rules: request.rules.map(summarizeRule),
      summary: summarize(findings),
      findings,
      ...(warnings.length > 0 && { warnings }),
    };
  } finally {
    // What is still under way is nobody's any more: let go of it.
    finished = true;
    deadline.cancel();
    deadline.release();
    credentials.release();
  }
}

function assumes(accountId: string): string {
  return `Whose account this is could not be learnt, so it is taken to be ${accountId}, which the state is of. Nothing is said to be over until the account is known. Look at the network to STS.`;
}

/** @returns null also where the deadline strikes first */
async function withinTime(
  assumeAccount: AuditDependencies["assumeAccount"],
  { signal }: TimeBudget,
): Promise<string | null> {
  if (assumeAccount === undefined || signal.aborted) return null;
  const struck = new Promise<null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  return Promise.race([assumeAccount(), struck]);
}

function toFinding(
  { ruleId, regionId, status, reason, evidence }: Outcome,
  accountId: string,
  localName: string | undefined,
): Finding {
  const name = localName === undefined ? {} : { localName };
  return { ruleId, accountId, regionId, ...name, status, reason, evidence };
}

/** The id of a region that the cloud itself named is right: it is its host that is not there. */
function blameHost(outcome: Outcome, listed: ReadonlySet<string>): Outcome {
  const { regionId, hostResolved, evidence } = outcome;
  if (hostResolved !== false || !listed.has(regionId)) return outcome;
  const message = `DescribeRegions names this region, but there is no host ${evidence.endpoint}. Check the name server of this network; if Alibaba Cloud has closed the region, leave it out with "!${regionId}".`;
  return { ...outcome, reason: { code: "UNREACHABLE", message } };
}

/** A host that does not resolve is no region, unless no host resolves: then the network is down. */
function blameNetwork(outcomes: readonly Outcome[], someHostResolved: boolean): Outcome[] {
  if (someHostResolved || outcomes.some((outcome) => outcome.hostResolved === true)) {
    return [...outcomes];
  }
  return outcomes.map((outcome) =>
    outcome.hostResolved === false ? { ...outcome, reason: NETWORK_DOWN } : outcome,
  );
}
