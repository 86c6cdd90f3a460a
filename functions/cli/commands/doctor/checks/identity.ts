import { CallError } from "../../../../../shared/audit/call-error.ts";
import type { Answer, Cloud } from "../../../../../shared/audit/cloud.ts";
import type { Caller } from "../../../../../shared/audit/report.ts";
import type { Config } from "../../../../../shared/config/config.ts";
import type { Transport } from "../../../../../shared/http/transport.ts";
import { askInTurn } from "../../../../../shared/retry/ask-in-turn.ts";
import type { TimeBudget } from "../../../../../shared/retry/time-budget.ts";
import { CLOUD_RETRY_POLICY } from "../../../../../shared/run/run-audit.ts";
import { cleanText } from "../../../../../shared/text/clean-text.ts";
import { HOME_REGION_ID } from "../../../local/local-audit.ts";
import { type Check, found } from "../check.ts";
import { openCloud } from "../open-cloud.ts";
import { outcomeOfError } from "../outcome-of-error.ts";
import { ok, type Outcome, warning } from "../outcome.ts";
import { proxyOf } from "../reach-host.ts";
import { stsTarget } from "./proxy.ts";

/** Milliseconds without an answer after which another endpoint is asked too. */
const STAGGER_MS = 3_000;
/** The endpoints of STS that an audit may ask; null is the global one. */
export const STS_REGIONS = [HOME_REGION_ID, "ap-southeast-1", null];

/** The identity: whether STS accepts the credentials, and whose they are. */
export function identityCheck(config: Config, transport: Transport): Check {
  return {
    id: "identity",
    title: "Identity",
    needs: ["credentials", ...proxyOf(stsTarget(config), transport)],
    run: async (setUp, within) => {
      const cloud = await openCloud(setUp, found(setUp.learnt.credentials));
      setUp.learnt.cloud = cloud;
      try {
        const { value: caller, exchange } = await askIdentity(cloud, within);
        setUp.learnt.caller = caller;
        return { ...judgeCaller(caller), exchange };
      } catch (error) {
        // Without an answer of STS an audit asks the other services all the same.
        const isRefused = error instanceof CallError && error.code === "CREDENTIALS_INVALID";
        return { ...outcomeOfError(error), goesOn: !isRefused };
      }
    },
  };
}

/** Asks whose credentials a cloud is used with. */
async function askIdentity(cloud: Cloud, within: TimeBudget): Promise<Answer<Caller>> {
  return askInTurn(STS_REGIONS, async (regionId, limit) => cloud.identifyCaller(regionId, limit), {
    budget: within,
    staggerMs: STAGGER_MS,
    policy: CLOUD_RETRY_POLICY,
    isFinal: isRefusal,
  });
}

/** Whether every other endpoint would give the same answer. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof CallError &&
    error.retryable === "never" &&
    ["ACCESS_DENIED", "CREDENTIALS_INVALID", "SERVICE_ERROR"].includes(error.code)
  );
}

export function judgeCaller({ accountId, arn }: Caller): Outcome {
  const who = `Account ${accountId}${arn === null ? "" : `, ${cleanText(arn, 300)}`}`;
  if (arn !== null && /^acs:ram::\d+:root$/.test(arn)) {
    return warning("ROOT_KEY", `${who}: the keys of the account itself may do everything.`, {
      fix: "Create a RAM user or role with the policy that flowlog-guard policy prints.",
    });
  }
  return ok(`${who}.`);
}
