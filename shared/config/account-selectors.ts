import * as v from "valibot";

import { problemOfAccountSelector, problemOfAccountSelectors } from "../audit/account-selector.ts";
import { quote, splitList } from "./fields.ts";

/** A message names at most this many entries, or the answer to a request would exceed the request. */
const MAX_PROBLEMS = 20;

/** Selectors of accounts, as a list or as text with commas. */
export const accountSelectorList = selectorsWith(
  problemOfAccountSelector,
  problemOfAccountSelectors,
  "must be the id, the name or a pattern of accounts: only the list accounts of the configuration file has keys and values",
);

/** Ids of folders of the resource directory, as a list or as text with commas. */
export const folders = selectorsWith(
  problemOfFolder,
  problemOfFolders,
  "must be the id of a folder",
);

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
  problemOfText: (entry: string) => string | null,
  problemOfAll: (entries: readonly string[]) => string | null,
  notText: string,
) {
  const problemOf = (entry: unknown): string | null => {
    if (typeof entry === "string") return problemOfText(entry);
    return typeof entry === "number" ? QUOTE_NUMBER : notText;
  };
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, readonly string[]>(({ dataset, addIssue, NEVER }) => {
      const { value } = dataset;
      const entries: unknown = typeof value === "string" ? splitList(value) : value;
      if (!Array.isArray(entries)) {
        addIssue({
          message:
            typeof value === "number"
              ? QUOTE_NUMBER
              : "must be a list of texts, or text with commas",
        });
        return NEVER;
      }
      const texts: string[] = [];
      let problems = 0;
      for (const [index, entry] of entries.entries()) {
        if (typeof entry === "string") texts.push(entry);
        const problem = problemOf(entry);
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
      const problem = problems > 0 ? null : problemOfAll(texts);
      if (problem !== null) addIssue({ message: problem });
      return texts;
    }),
  );
}

/** JavaScript's numbers, and so those of YAML and JSON here, hold 15 digits for certain. */
export const QUOTE_NUMBER =
  "must be text: put the id in quotes, since a long number is rounded when it is read";
