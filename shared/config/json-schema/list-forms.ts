import { MAX_LENGTH, PATTERN, REGION_ID } from "../../audit/scope.ts";
import { RULE_IDS } from "../../rules/rule-ids.ts";
import { MAX_ENTRIES, WORDS } from "../rules.ts";
import { type Form, grouped, listPattern, textForm, unanchored } from "./text-forms.ts";

const CONTAINS_SELECTION: Form = { contains: { type: "string", not: { pattern: "^!" } } };
/** A list that is empty, or whose entries all begin with "!", selects nothing. */
const SELECTS_SOMETHING: Form = { minItems: 1, ...CONTAINS_SELECTION };
const SELECTS_SOMETHING_IN_TEXT = "(?=(?:.*,)?\\s*[^\\s!,])";

/** A region's id or a pattern of ids, alone. */
export const REGION_OR_PATTERN = `${unanchored(REGION_ID)}|${unanchored(PATTERN)}`;
const REGION_SELECTOR = `all|!?${grouped(REGION_OR_PATTERN)}`;

/** Selectors of regions: a list, or text with commas. */
export const REGIONS: Form = {
  anyOf: [
    {
      type: "array",
      // The "!" is no part of what is limited.
      items: textForm({ pattern: `^(?=!?[^!]{1,${MAX_LENGTH}}$)${grouped(REGION_SELECTOR)}$` }),
      ...SELECTS_SOMETHING,
    },
    textForm({ pattern: `^${SELECTS_SOMETHING_IN_TEXT}${listPattern(REGION_SELECTOR).slice(1)}` }),
  ],
};

/** Ids of rules: a list, or text with commas. */
export const RULES: Form = {
  anyOf: [
    {
      type: "array",
      items: textForm({ enum: WORDS }),
      minItems: 1,
      maxItems: MAX_ENTRIES,
    },
    textForm({ pattern: listPattern(WORDS.join("|")) }),
  ],
};

/** Selectors of rules in what a receiver is sent: a list. */
export const RULE_SELECTORS: Form = {
  items: {
    anyOf: [
      textForm({ enum: RULE_IDS.flatMap((id) => [id, `!${id}`]) }),
      { type: "string", pattern: "^!?[a-z-]*\\*[a-z*-]*$" },
    ],
  },
  ...CONTAINS_SELECTION,
};

const VISIBLE = "[^\\s\\p{Cc}\\p{Cf}]";
const VISIBLE_OR_SPACE = "[^\\p{Cc}\\p{Cf}]";
const MAX_ACCOUNT_LENGTH = 128;

/** Selectors of accounts: a list, or text with commas. */
export const ACCOUNT_SELECTORS: Form = {
  anyOf: [
    {
      type: "array",
      items: textForm({
        pattern: `^(?=!?.{1,${MAX_ACCOUNT_LENGTH}}$)!?${VISIBLE}(?:${VISIBLE_OR_SPACE}*${VISIBLE})?$`,
      }),
      ...SELECTS_SOMETHING,
    },
    textForm({ pattern: `^${SELECTS_SOMETHING_IN_TEXT}.` }),
  ],
};

const FOLDER = "!?(?:fd|r)-[A-Za-z0-9]{1,62}";

/** Folders of the resource directory: a list, or text with commas. */
export const FOLDERS: Form = {
  anyOf: [
    { type: "array", items: textForm({ pattern: `^${FOLDER}$` }), ...SELECTS_SOMETHING },
    textForm({ pattern: `^${SELECTS_SOMETHING_IN_TEXT}${listPattern(FOLDER).slice(1)}` }),
  ],
};
