import * as v from "valibot";

import { problemOfLength, problemOfSelector, problemOfSelectors } from "../audit/scope.ts";
import { quote, splitList } from "./fields.ts";

/** A message names at most this many entries, or the answer to a request would exceed the request. */
const MAX_PROBLEMS = 20;

/** Selectors of regions, as a list or as text with commas. */
export const regions = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, string[]>(({ dataset, addIssue, NEVER }) => {
    const { value } = dataset;
    const entries: unknown = typeof value === "string" ? splitList(value) : value;
    if (!Array.isArray(entries)) {
      addIssue({ message: 'must be a list, such as [cn-hangzhou, "ap-*"]' });
      return NEVER;
    }
    const tooLong = problemOfLength(entries.map((entry: unknown) => textOf(entry) ?? ""));
    if (tooLong !== null) {
      addIssue({ message: tooLong });
      return NEVER;
    }
    const selectors: string[] = [];
    let problems = 0;
    for (const [index, entry] of entries.entries()) {
      const selector = textOf(entry);
      if (selector !== null) selectors.push(selector);
      const problem =
        selector === null ? "is not a region: write it as text" : problemOfSelector(selector);
      if (problem === null) continue;
      problems += 1;
      if (problems > MAX_PROBLEMS) continue;
      addIssue({
        message: `${quote(selector)}${problem}`,
        path: [{ type: "array", origin: "value", input: entries, key: index, value: entry }],
      });
    }
    if (problems > MAX_PROBLEMS) {
      addIssue({ message: `${problems - MAX_PROBLEMS} more entries are not regions` });
    }
    const problem = problemOfSelectors(selectors);
    if (problem !== null) addIssue({ message: problem });
    return selectors;
  }),
);

function textOf(entry: unknown): string | null {
  return typeof entry === "string" ? entry : null;
}
