import * as v from "valibot";

import { RULE_IDS, type RuleId } from "../rules/rule-ids.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { quote, splitList } from "./fields.ts";

/** Stands for every rule. */
const ALL = "all";
/** What a list of rules may hold. */
export const WORDS: readonly string[] = [ALL, ...RULE_IDS];
/** Room for each rule several times. Limits the number of problems in the answer to a request. */
export const MAX_ENTRIES = 20;

/** Ids of rules, as a list or as text with commas; each once, in the order of {@link RULE_IDS}. */
export const rules = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, readonly RuleId[]>(({ dataset, addIssue, NEVER }) => {
    const { value } = dataset;
    const entries: unknown = typeof value === "string" ? splitList(value) : value;
    if (!Array.isArray(entries)) {
      addIssue({ message: `must be a list, such as [${RULE_IDS.slice(0, 2).join(", ")}]` });
      return NEVER;
    }
    const problem = problemOfLength(entries.length);
    if (problem !== null) {
      addIssue({ message: problem });
      return NEVER;
    }
    for (const [index, entry] of entries.entries()) {
      if (WORDS.includes(entry)) continue;
      addIssue({
        message: problemOfEntry(entry),
        path: [{ type: "array", origin: "value", input: entries, key: index, value: entry }],
      });
    }
    return entries.includes(ALL) ? RULE_IDS : RULE_IDS.filter((id) => entries.includes(id));
  }),
);

function problemOfLength(length: number): string | null {
  if (length === 0) return `is empty: name a rule, or write ${ALL}`;
  return length > MAX_ENTRIES
    ? `is too long: at most ${MAX_ENTRIES} entries, and there are ${RULE_IDS.length} rules`
    : null;
}

function problemOfEntry(entry: unknown): string {
  if (typeof entry !== "string") return "is not a rule: write its id as text";
  const meant = nearestWord(entry, WORDS);
  const hint = meant === null ? `those known are ${WORDS.join(", ")}` : `did you mean ${meant}?`;
  return `${quote(entry, WORDS)}is not a rule: ${hint}`;
}
