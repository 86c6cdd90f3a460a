import type { AccountSelector, SelectableAccount } from "../../audit/account-selector.ts";
import { describeSelectors } from "./unmatched-selectors.ts";

/** Accounts that a message names. */
const MAX_NAMED = 3;

/**
 * What is wrong with selectors of a flag or an event that match no account, and which accounts there are.
 *
 * @param accounts - those that can be selected
 * @param isConfigured - whether the configuration names accounts; if not, there is only the caller's own,
 *   or none where it could not be identified
 */
export function noAccountMatches(
  selectors: readonly AccountSelector[],
  accounts: readonly SelectableAccount[],
  isConfigured: boolean,
): string {
  const subject = `--accounts, or accounts of the event: ${describeSelectors(selectors)}`;
  const named = accounts.slice(0, MAX_NAMED).map(describeAccount).join(", ");
  if (!isConfigured) {
    const own = named === "" ? "" : `, ${named}`;
    return `${subject} does not match the account of the credentials${own}, and no other account is configured. To audit others, set FLOWLOG_GUARD_ORGANIZATION_ROLE, or accounts in the configuration file.`;
  }
  if (accounts.length === 1) {
    return `${subject} does not match the only account that is configured, ${named}. Names are case-sensitive.`;
  }
  const which = accounts.length > MAX_NAMED ? "such as" : "which are";
  return `${subject} matches none of the ${accounts.length} accounts that are configured, ${which} ${named}. Names are case-sensitive.`;
}

function describeAccount({ id, name }: SelectableAccount): string {
  return name === null ? id : `${name} (${id})`;
}
