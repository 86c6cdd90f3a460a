import * as v from "valibot";

import type { AccountEntry } from "../audit/account-scope.ts";
import {
  type AccountSelector,
  isAccountId,
  problemOfAccountSelector,
  problemOfAccountSelectors,
} from "../audit/account-selector.ts";
import { MASK } from "./describe-receiver.ts";
import { keysOf, quote, splitList, textWithout, withoutUndefined } from "./fields.ts";
import { regions } from "./regions.ts";

/** What the configuration says of accounts. */
export interface AccountsOption {
  /** Those that the file names, each once; null where it names none. */
  readonly entries: readonly AccountEntry[] | null;
  /** What a flag or an event selects of all that are configured; null for all. */
  readonly selectors: readonly AccountSelector[] | null;
}

const MAX_ENTRIES = 20_000;
/** A message names at most this many entries, or the answer to a request would exceed the request. */
const MAX_PROBLEMS = 20;

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
  v.string("must be text"),
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
  keysOf({
    id: v.pipe(
      v.string("must be text: put the id in quotes"),
      v.check(isAccountId, "is not the id of an account: write its number in quotes"),
    ),
    name: v.exactOptional(
      textWithout((name) =>
        name.startsWith("!") || name.includes("*")
          ? "must have no ! before it, and no *"
          : problemOfAccountSelector(name),
      ),
    ),
    roleName: v.exactOptional(roleName),
    externalId: v.exactOptional(externalId),
    regions: v.exactOptional(regions),
  }),
);

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
      const first = places.get(entry.id);
      places.set(entry.id, first ?? index);
      if (first === undefined) continue;
      addIssue({
        message: `is the same account as accounts[${first}]: take one of them out`,
        path: [{ type: "array", origin: "value", input: dataset.value, key: index, value: entry }],
      });
    }
  }),
  v.transform((entries): AccountsOption => ({ entries, selectors: null })),
);

/** Selectors of accounts, as a list or as text with commas. */
export const accountSelectorList = selectorsWith(
  problemOfAccountSelector,
  problemOfAccountSelectors,
);

/** What a flag or an event selects. */
export const accountSelectors = v.pipe(
  accountSelectorList,
  v.transform((selectors): AccountsOption => ({ entries: null, selectors })),
);

/** Ids of folders of the resource directory, as a list or as text with commas. */
export const folders = selectorsWith(problemOfFolder, problemOfFolders);

function problemOfFolder(folder: string): string | null {
  return /^!?(fd|r)-[A-Za-z0-9]{1,62}$/.test(folder)
    ? null
    : 'is not a folder: use an id such as fd-abc123, or "!" before one to leave it out';
}

function problemOfFolders(all: readonly string[]): string | null {
  if (all.length === 0) return "is empty: name at least one folder, or take it out";
  return all.every((folder) => folder.startsWith("!"))
    ? "only leaves folders out: add what to leave them out of, such as the root folder r-…"
    : null;
}

/** A list of texts, or text with commas, whose entries and whole pass checks. */
function selectorsWith(
  problemOfEntry: (entry: string) => string | null,
  problemOfAll: (entries: readonly string[]) => string | null,
) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, readonly string[]>(({ dataset, addIssue, NEVER }) => {
      const { value } = dataset;
      const entries: unknown = typeof value === "string" ? splitList(value) : value;
      if (!Array.isArray(entries)) {
        addIssue({ message: "must be a list of texts, or text with commas" });
        return NEVER;
      }
      const texts: string[] = [];
      let problems = 0;
      for (const [index, entry] of entries.entries()) {
        if (typeof entry === "string") texts.push(entry);
        const problem =
          typeof entry === "string" ? problemOfEntry(entry) : "must be text: put it in quotes";
        if (problem === null) continue;
        problems += 1;
        if (problems > MAX_PROBLEMS) continue;
        addIssue({
          message: `${quote(entry)}${problem}`,
          path: [{ type: "array", origin: "value", input: entries, key: index, value: entry }],
        });
      }
      if (problems > MAX_PROBLEMS) {
        addIssue({ message: `${problems - MAX_PROBLEMS} more entries are wrong` });
      }
      const problem = problemOfAll(texts);
      if (problem !== null) addIssue({ message: problem });
      return texts;
    }),
  );
}

/** The accounts as the configuration file has them, with every secret masked; or what is selected. */
export function describeAccounts({ entries, selectors }: AccountsOption): unknown {
  if (entries === null) return selectors ?? undefined;
  return entries.map(({ externalId: secret, ...entry }) =>
    withoutUndefined({ ...entry, externalId: secret === undefined ? undefined : MASK }),
  );
}
