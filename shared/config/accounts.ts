import * as v from "valibot";

import type { AccountEntry } from "../audit/account-scope.ts";
import {
  type AccountSelector,
  isAccountId,
  problemOfAccountSelector,
} from "../audit/account-selector.ts";
import { accountSelectorList, QUOTE_NUMBER } from "./account-selectors.ts";
import { MASK } from "./describe-receiver.ts";
import { isKeyed, keysOf, textWithout, withoutUndefined } from "./fields.ts";
import { regions } from "./regions.ts";

/** What the configuration says of accounts. */
export interface AccountsOption {
  /** Those that the file names, each once; null where it names none. */
  readonly entries: readonly AccountEntry[] | null;
  /** What a flag or an event selects of all that are configured; null for all. */
  readonly selectors: readonly AccountSelector[] | null;
}

/** Regions asked at once in one account, where nothing else sets a number: about all that there are. */
export const DEFAULT_CONCURRENCY = 32;
/**
 * Regions asked at once in many accounts, where nothing else sets a number. Each account has a pace of
 * its own, so what bounds this are sockets and memory: 300 need less than 256 MB.
 */
export const DEFAULT_CONCURRENCY_OF_MANY = 300;

/** The most parts that a run is divided into. */
export const MAX_PARTS = 64;

/** The accounts of a configuration. */
export interface ConfiguredAccounts {
  readonly accounts: AccountsOption;
  readonly organization: { readonly roleName: string | null };
}

/** Whether more than one account may be audited: members of an organization, or several entries. */
export function hasManyAccounts({ accounts, organization }: ConfiguredAccounts): boolean {
  return organization.roleName !== null || (accounts.entries?.length ?? 0) > 1;
}

/** Regions asked at once where no source says how many. */
export function defaultConcurrency(accounts: ConfiguredAccounts): number {
  return hasManyAccounts(accounts) ? DEFAULT_CONCURRENCY_OF_MANY : DEFAULT_CONCURRENCY;
}

const MAX_ENTRIES = 20_000;
const MAX_NAME = 128;

/** @see https://www.alibabacloud.com/help/en/ram/user-guide/limits */
export const roleName = v.pipe(
  v.string("must be text"),
  v.regex(
    /^[\w.-]{1,64}$/,
    "is not the name of a role: write up to 64 letters, digits, dots, hyphens and underscores, without the ARN before it",
  ),
);

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
export const externalId = v.pipe(
  v.string("must be text: put it in quotes"),
  v.regex(
    /^[\w+=,.@:/-]{2,1224}$/,
    "is not an external id: write 2 to 1224 letters, digits and + = , . @ : / - _ (value not shown)",
  ),
);

/** @see https://www.alibabacloud.com/help/en/functioncompute/fc/product-overview/limits */
export const functionName = v.pipe(
  v.string("must be text"),
  v.regex(
    /^[A-Za-z_][\w-]{0,127}$/,
    "is not the name of a function: write up to 128 letters, digits, hyphens and underscores, a letter first",
  ),
);

const accountEntry = v.pipe(
  v.custom<object>(
    isKeyed,
    'must be an account with its keys, such as { id: "1234567890123456", roleName: flowlog-guard-audit }: what selects accounts belongs in --accounts or organization.accounts',
  ),
  keysOf({
    id: v.pipe(
      v.string(QUOTE_NUMBER),
      v.check(isAccountId, "is not the id of an account: write its number in quotes"),
    ),
    name: v.exactOptional(textWithout(problemOfName)),
    roleName: v.exactOptional(roleName),
    externalId: v.exactOptional(externalId),
    regions: v.exactOptional(regions),
  }),
);

/** What two entries must not have both, and what a message says then. */
const SAID_ONCE = [
  ["id", (first) => `is the same account as ${first}: take one of them out`],
  ["name", (first) => `has the name of ${first}: a name selects one account`],
] as const satisfies readonly (readonly ["id" | "name", (first: string) => string])[];

/** Says what is wrong with the name of an account, or null. */
export function problemOfName(name: string): string | null {
  if (isAccountId(name))
    return "is digits alone, which select the account with that id: take another name";
  if (/[*,]|^!/.test(name))
    return "must have no * and no comma, and no ! before it: --accounts selects by names";
  return problemOfAccountSelector(name) === null
    ? null
    : `must have 1 to ${MAX_NAME} characters, all visible, and no space before or behind`;
}

/** The accounts that a file names. */
export const accountEntries = v.pipe(
  v.array(
    accountEntry,
    'must be a list, such as [{ id: "1234567890123456", roleName: flowlog-guard-audit }]',
  ),
  v.nonEmpty("is empty: name an account, or take it out"),
  v.maxLength(MAX_ENTRIES, `is too long: at most ${MAX_ENTRIES} accounts`),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const places = new Map<string, number>();
    for (const [index, entry] of dataset.value.entries()) {
      for (const [key, says] of SAID_ONCE) {
        const value = entry[key];
        if (value === undefined) continue;
        const first = places.get(`${key} ${value}`);
        places.set(`${key} ${value}`, first ?? index);
        if (first === undefined) continue;
        addIssue({
          message: says(`accounts[${first}]`),
          path: [
            { type: "array", origin: "value", input: dataset.value, key: index, value: entry },
          ],
        });
      }
    }
  }),
  v.transform((entries): AccountsOption => ({ entries, selectors: null })),
);

/** What a flag or an event selects. */
export const accountSelectors = v.pipe(
  accountSelectorList,
  v.transform((selectors): AccountsOption => ({ entries: null, selectors })),
);

/** The accounts as the configuration file has them, with every secret masked; or what is selected. */
export function describeAccounts({ entries, selectors }: AccountsOption): unknown {
  if (entries === null) return selectors ?? undefined;
  return entries.map(({ externalId: secret, ...entry }) =>
    withoutUndefined({ ...entry, externalId: secret === undefined ? undefined : MASK }),
  );
}
