import * as v from "valibot";

import { type Route, ruleMatcher } from "../audit/route.ts";
import { SEVERITIES } from "../audit/rule-card.ts";
import { RULE_IDS } from "../rules/rule-ids.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { accountSelectorList } from "./account-selectors.ts";
import { isKeyed, keysOf, quote, suggestion } from "./fields.ts";
import { regions } from "./regions.ts";

const MAX_RULES = 20;

/** Ids of rules and patterns of them; each matches a rule of this version. */
export const ruleSelectors = v.pipe(
  v.array(v.string("is not a rule: write its id as text"), "must be a list"),
  v.nonEmpty('is empty: name a rule, or "*"'),
  v.maxLength(MAX_RULES, `is too long: at most ${MAX_RULES} entries`),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: selectors } = dataset;
    for (const [index, selector] of selectors.entries()) {
      const problem = problemOfRule(selector.replace(/^!/, ""));
      if (problem === null) continue;
      addIssue({
        message: `${quote(selector, RULE_IDS)}${problem}`,
        path: [{ type: "array", origin: "value", input: selectors, key: index, value: selector }],
      });
    }
    if (selectors.length > 0 && selectors.every((selector) => selector.startsWith("!"))) {
      addIssue({ message: 'only leaves rules out: add what to leave them out of, such as "*"' });
    }
  }),
);

function problemOfRule(wanted: string): string | null {
  if (RULE_IDS.some(ruleMatcher([wanted]))) return null;
  const meant = nearestWord(wanted, RULE_IDS);
  const hint = meant === null ? `those known are ${RULE_IDS.join(", ")}` : `did you mean ${meant}?`;
  return wanted.includes("*") ? "matches no rule" : `is not a rule: ${hint}`;
}

const severities = v.pipe(
  v.array(
    v.picklist(
      SEVERITIES,
      ({ input }) =>
        `is not a severity: ${suggestion(input, SEVERITIES) ?? `write ${SEVERITIES.join(", ")}`}`,
    ),
    `must be a list, such as [${SEVERITIES.slice(0, 2).join(", ")}]`,
  ),
  v.nonEmpty(`is empty: name a severity of ${SEVERITIES.join(", ")}`),
);

/** What a receiver is sent. */
export const route = v.pipe(
  keysOf({
    accounts: v.exactOptional(accountSelectorList),
    regions: v.exactOptional(regions),
    rules: v.exactOptional(ruleSelectors),
    severity: v.exactOptional(severities),
  }),
  v.rawCheck(({ dataset: { value, issues }, addIssue }) => {
    if (issues === undefined && isKeyed(value) && Object.keys(value).length === 0) {
      addIssue({ message: "is empty: say what to send, or take it out to send everything" });
    }
  }),
  v.transform((only): Route => only),
);
