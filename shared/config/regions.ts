import * as v from "valibot";

import { problemOfSelector, problemOfSelectors } from "../audit/scope.ts";
import { quote } from "./fields.ts";

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
    const selectors: string[] = [];
    for (const [index, entry] of entries.entries()) {
      const selector: unknown = entry;
      const problem =
        typeof selector === "string"
          ? problemOfSelector(selector)
          : "is not a region: write it as text";
      if (problem !== null) {
        addIssue({
          message: `${quote(selector)}${problem}`,
          path: [{ type: "array", origin: "value", input: entries, key: index, value: selector }],
        });
      }
      if (typeof selector === "string") selectors.push(selector);
    }
    const problem = problemOfSelectors(selectors);
    if (problem !== null) addIssue({ message: problem });
    return selectors;
  }),
);

/** A comma-separated list; empty text is an empty list. */
function splitList(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((entry) => entry.trim());
}
