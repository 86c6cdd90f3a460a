import { roleArnOf } from "../../../../../shared/audit/account-scope.ts";
import { askInTurn } from "../../../../../shared/retry/ask-in-turn.ts";
import { CLOUD_RETRY_POLICY } from "../../../../../shared/run/run-audit.ts";
import { type Check, found } from "../check.ts";
import { openOrganization } from "../open-cloud.ts";
import { memberPolicy, outcomeOfError } from "../outcome-of-error.ts";
import { ok, skipped } from "../outcome.ts";
import { isRefusal, STS_REGIONS } from "./identity.ts";

const STAGGER_MS = 3_000;

/** The role of another account: assumed in one of them, for all. */
export const memberRole: Check = {
  id: "member-role",
  title: "Member role",
  needs: ["accounts"],
  run: async (setUp, within) => {
    const { learnt } = setUp;
    const role = learnt.member?.role ?? null;
    if (role === null) {
      return skipped("NOT_NEEDED", "The only account in scope is that of the credentials.", {
        goesOn: true,
      });
    }
    const roleArn = roleArnOf(role);
    const organization = await openOrganization(setUp, found(learnt.credentials));
    try {
      const { value, exchange } = await askInTurn(
        STS_REGIONS,
        async (regionId, limit) => organization.assumeRole(role, regionId, limit),
        {
          budget: within,
          staggerMs: STAGGER_MS,
          policy: CLOUD_RETRY_POLICY,
          isFinal: isRefusal,
        },
      );
      learnt.cloud = value.cloud;
      return ok(`${roleArn} can be assumed. Tried in this account alone; an audit tries all.`, {
        exchange,
      });
    } catch (error) {
      return outcomeOfError(error, memberPolicy(learnt));
    }
  },
};
