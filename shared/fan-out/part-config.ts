import type { AccountEntry } from "../audit/account-scope.ts";
import type { Config } from "../config/config.ts";
import { regionsByAccount } from "./part-events.ts";
import type { PartEvent } from "./part.ts";

/**
 * The configuration of a part: exactly its accounts, regions and rules, within its time. Roles and external
 * ids are the configuration's own, the resource directory is not read, and exemptions are left to the
 * whole run.
 */
export function configOfPart(config: Config, event: PartEvent): Config {
  const { accounts, organization, deadlineMs } = config;
  const { deadlineMs: partDeadlineMs } = event.part;
  const configured = new Map(accounts.entries?.map((entry) => [entry.id, entry]));
  const entries = [...regionsByAccount(event)].map(([id, regions]): AccountEntry => {
    const entry = configured.get(id);
    const { roleName = organization.roleName, externalId } = entry ?? {};
    const own = regions ?? entry?.regions;
    return {
      id,
      ...(own !== undefined && { regions: own }),
      ...(roleName !== null && { roleName }),
      ...(externalId !== undefined && { externalId }),
    };
  });
  return {
    ...config,
    accounts: { entries, selectors: null },
    organization: { ...organization, roleName: null },
    regions: event.regions ?? config.regions,
    rules: event.rules ?? config.rules,
    exemptions: [],
    deadlineMs:
      partDeadlineMs === undefined ? deadlineMs : Math.min(deadlineMs ?? Infinity, partDeadlineMs),
  };
}
