import { isAccountId } from "../../audit/account-selector.ts";
import { isRegionId, MAX_LENGTH, REGION_ID } from "../../audit/scope.ts";
import { OWN, problemOfLabelName, problemOfLabelValue } from "../../notify/alert-labels.ts";
import { problemOfAddress } from "../../notify/receiver-address.ts";
import { problemOfReceiverName, RECEIVER_NAME } from "../../notify/receiver-options.ts";
import {
  MAX_VALUE,
  problemOfBearerToken,
  problemOfHeaderName,
  problemOfHeaderValue,
  problemOfPassword,
  problemOfUsername,
  RESERVED,
} from "../../notify/request-headers.ts";
import {
  BUCKET,
  parseEvidenceAddress,
  parseStorageAddress,
  PREFIX,
} from "../../storage/storage-address.ts";
import { accountSelectorList, folders } from "../account-selectors.ts";
import { accountEntries, problemOfName } from "../accounts.ts";
import { endpoint, vpcEndpoints } from "../endpoints.ts";
import { isRegionOrPattern, isRuleOrPattern, RULE_PATTERN, saidBySomebody } from "../exemptions.ts";
import { isDay } from "../fields.ts";
import { KEYWORD, problemOfKeyword, receiver, receivers } from "../receivers.ts";
import { regions } from "../regions.ts";
import { route, ruleSelectors } from "../routes.ts";
import { rules } from "../rules.ts";
import {
  ACCOUNT_SELECTORS,
  FOLDERS,
  REGION_OR_PATTERN,
  REGIONS,
  RULE_SELECTORS,
  RULES,
} from "./list-forms.ts";
import { RECEIVER_CONDITIONS } from "./receiver-conditions.ts";
import { anyCase, type Form, grouped, textForm, unanchored } from "./text-forms.ts";

/**
 * Hosts, host:port and https://host. The end is what the URL standard reads as no path: slashes of either
 * kind, and dots.
 */
const ENDPOINT = textForm({
  pattern:
    "^(?:[Hh][Tt][Tt][Pp][Ss]?:[/\\\\]*)?[^@?#\\s/\\\\]+(?:[/\\\\](?:\\.|%2[eE]|[/\\\\])*)?$",
});

const VPC_ENDPOINTS: Form = {
  anyOf: [
    ENDPOINT,
    {
      type: "object",
      propertyNames: { pattern: REGION_ID.source, maxLength: MAX_LENGTH },
      additionalProperties: ENDPOINT,
    },
  ],
};

const SAID = textForm({ pattern: "^\\s*(?=\\S)[^\\p{Cc}\\p{Cf}]+\\s*$" });

/** The forms of schemas whose checks are functions, so that only the schema itself is known. */
export const FORMS_OF_SCHEMAS: ReadonlyMap<unknown, Form> = new Map<unknown, Form>([
  [regions, REGIONS],
  [rules, RULES],
  [accountSelectorList, ACCOUNT_SELECTORS],
  [folders, FOLDERS],
  [endpoint, ENDPOINT],
  [vpcEndpoints, VPC_ENDPOINTS],
  [saidBySomebody, SAID],
]);

/** What a schema's checks of its whole value add to its form. An empty form: they need the program. */
export const ADDED_TO_SCHEMAS: ReadonlyMap<unknown, Form> = new Map<unknown, Form>([
  [receiver, RECEIVER_CONDITIONS],
  [receivers, {}],
  [accountEntries, {}],
  [route, { minProperties: 1 }],
  [ruleSelectors, RULE_SELECTORS],
]);

const OSS = `oss://${unanchored(BUCKET)}(?:/(?:${unanchored(PREFIX)})?)?(?:\\?region=.*|\\?)?`;
const PATH_CHARACTER = "[^?#\\p{Cc}]";

/** The forms of texts by the function that checks or reads them. */
export const FORMS_OF_CHECKS: ReadonlyMap<unknown, Form> = new Map<unknown, Form>([
  [isAccountId, textForm({ pattern: "^\\d{1,32}$" })],
  [isDay, textForm({ pattern: "^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$" })],
  [isRegionId, textForm({ pattern: REGION_ID.source, maxLength: MAX_LENGTH })],
  [
    isRegionOrPattern,
    textForm({ pattern: `^(?!all$)${grouped(REGION_OR_PATTERN)}$`, maxLength: MAX_LENGTH }),
  ],
  [isRuleOrPattern, textForm({ pattern: `^(?!all$)${RULE_PATTERN.source.slice(1)}` })],
  [
    problemOfName,
    textForm({
      pattern:
        "^(?!\\d{1,32}$)(?!!)[^\\s*,\\p{Cc}\\p{Cf}](?:[^*,\\p{Cc}\\p{Cf}]*[^\\s*,\\p{Cc}\\p{Cf}])?$",
      maxLength: 128,
    }),
  ],
  [
    problemOfReceiverName,
    // The regular expressions of JetBrains, which are those of Java, have no \p{DI}. The program counts the
    // characters of the composed form.
    textForm({ pattern: RECEIVER_NAME.replace("(?!.*\\p{DI})", "") }),
  ],
  [problemOfKeyword, textForm({ pattern: KEYWORD.source })],
  // An address may have white space around it, and line ends in it, which the URL standard takes out.
  [problemOfAddress, textForm({ pattern: "^[\\s\\S]*:[\\s\\S]*$" })],
  [problemOfUsername, textForm({ pattern: "^[^:\\p{C}]{1,1024}$" })],
  [problemOfPassword, textForm({ pattern: "^\\P{C}{1,1024}$" })],
  [problemOfBearerToken, textForm({ pattern: "^[\\w.~+/-]+=*$", maxLength: MAX_VALUE })],
  [problemOfHeaderValue, textForm({ pattern: "^[!-~](?:[ -~]*[!-~])?$", maxLength: MAX_VALUE })],
  [problemOfLabelValue, textForm({ pattern: "^\\P{C}{1,256}$" })],
  [
    parseStorageAddress,
    textForm({
      pattern: `^none$|^file:(?!~)(?:${PATH_CHARACTER}*/)?(?!\\.{0,2}$)[^/?#\\p{Cc}]+$|^${OSS}$`,
    }),
  ],
  [parseEvidenceAddress, textForm({ pattern: `^none$|^file:(?!~)${PATH_CHARACTER}+$|^${OSS}$` })],
]);

/** The forms of keys by the function that checks them. A key has no `${NAME}`. */
export const FORMS_OF_NAMES: ReadonlyMap<unknown, Form> = new Map<unknown, Form>([
  [
    problemOfHeaderName,
    {
      pattern: "^[\\w!#$%&'*+.^`|~-]{1,64}$",
      not: { pattern: anyCase(RESERVED.source) },
    },
  ],
  [problemOfLabelName, { pattern: "^(?!__)[a-zA-Z_]\\w{0,63}$", not: { enum: [...OWN] } }],
]);
