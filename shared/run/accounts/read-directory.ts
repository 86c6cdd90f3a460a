import { CallError } from "../../audit/call-error.ts";
import type { Answer } from "../../audit/cloud.ts";
import type {
  ManagementAccount,
  Member,
  MemberPage,
  Organization,
} from "../../audit/organization.ts";
import { CredentialsError, ScopeError } from "../../audit/run-error.ts";
import { retry } from "../../retry/retry.ts";
import { startTimeBudget } from "../../retry/time-budget.ts";
import { NETWORK_DOWN } from "../host-failures.ts";
import { readTokenPages } from "../read-pages.ts";
import type { ReadOptions } from "../region-reader.ts";

/** Milliseconds for the whole directory, attempts and waits included: it may have a hundred pages. */
const DIRECTORY_TIMEOUT_MS = 60_000;
/** How often the members are listed until there are as many as the directory says. */
const MAX_WALKS = 3;

/** How calls to the directory are made. */
export type DirectoryLimits = Pick<ReadOptions, "policy" | "attemptTimeoutMs" | "deadline">;

/**
 * Reads all members of the resource directory. Where it says that it has more than it lists, because some
 * joined meanwhile, they are listed again.
 *
 * @throws {@link ScopeError} when it cannot be read: then nobody knows which accounts are missing
 * @throws {@link CredentialsError} when the credentials are refused
 */
export async function readMembers(
  organization: Organization,
  { policy, attemptTimeoutMs, deadline }: DirectoryLimits,
): Promise<readonly Member[]> {
  const budget = startTimeBudget(DIRECTORY_TIMEOUT_MS, "TIMEOUT", deadline);
  try {
    return await readWhole((token) =>
      retry(
        (_attempt, limit) => organization.listMembers(token, limit),
        policy,
        budget,
        attemptTimeoutMs,
      ),
    );
  } catch (error) {
    throw asRunError(error, "The members of the resource directory could not be listed");
  } finally {
    budget.release();
  }
}

/** @throws {@link CallError} when members are missing however often they are listed */
async function readWhole(
  list: (token: string | null) => Promise<Answer<MemberPage>>,
): Promise<readonly Member[]> {
  for (let walk = 1; ; walk += 1) {
    let totalCount = 0;
    const { value: members, exchange } = await readTokenPages(
      async (token) => {
        const page = await list(token);
        totalCount = page.value.totalCount ?? totalCount;
        return page;
      },
      ({ accountId }) => accountId,
    );
    if (members.length >= totalCount) return members;
    if (walk === MAX_WALKS) {
      throw new CallError(
        "LIST_UNSTABLE",
        `The directory says that it has ${totalCount} members, and listed ${members.length} of them.`,
        { exchange, retryable: "never", hostResolved: true },
      );
    }
  }
}

/** The management account, or why it is not known. */
export type ManagementAnswer =
  | { readonly account: ManagementAccount }
  | { readonly account: null; readonly warning: string };

/**
 * Reads which account manages the resource directory. A refusal is a warning, since the members alone
 * are a scope too.
 *
 * @throws {@link ScopeError} when the directory cannot be read for another reason
 * @throws {@link CredentialsError} when the credentials are refused
 */
export async function readManagementAccount(
  organization: Organization,
  { policy, attemptTimeoutMs, deadline }: DirectoryLimits,
): Promise<ManagementAnswer> {
  const budget = startTimeBudget(DIRECTORY_TIMEOUT_MS, "TIMEOUT", deadline);
  try {
    const { value } = await retry(
      (_attempt, limit) => organization.getManagementAccount(limit),
      policy,
      budget,
      attemptTimeoutMs,
    );
    return { account: value };
  } catch (error) {
    if (error instanceof CallError && error.code === "ACCESS_DENIED") {
      const warning = `Which account manages the resource directory could not be learnt, so it may be missing from this report. ${error.message}`;
      return { account: null, warning };
    }
    throw asRunError(error, "The resource directory could not be read");
  } finally {
    budget.release();
  }
}

const WHO_MAY =
  "Members are listed for the management account of the directory and for a delegated administrator account of a trusted service: run the audit in one of them, with the RAM action resourcemanager:ListAccounts allowed. Or name the accounts one by one, by accounts.";

function asRunError(error: unknown, what: string): unknown {
  if (!(error instanceof CallError)) return error;
  if (error.code === "CREDENTIALS_INVALID") {
    return new CredentialsError(error.message, { cause: error });
  }
  const { code, message } = error.hostResolved === false ? NETWORK_DOWN : error;
  const advice =
    code === "ACCESS_DENIED" || (code === "SERVICE_ERROR" && error.retryable === "never")
      ? ` ${WHO_MAY}`
      : "";
  return new ScopeError("NO_LIST", `${what} (${code}): ${message}${advice}`, { cause: error });
}
