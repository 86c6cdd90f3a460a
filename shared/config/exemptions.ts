import * as v from "valibot";

import { DEFAULT_EXEMPT_RULE, type Exemption } from "../audit/exemption.ts";
import { problemOfSelector } from "../audit/scope.ts";
import { day, dayOf, keysOf } from "./fields.ts";

/** How long before its last day an exemption warns that it ends soon. */
const EXEMPTION_WARNING_MS = 7 * 86_400_000;
const MAX_EXEMPTION_TEXT = 200;

/** An id of a rule, or a pattern of ids. */
export const RULE_PATTERN = /^[a-z0-9*-]{1,64}$/;
/** Ids of resources are letters, digits and separators; those of log stores contain slashes. */
const RESOURCE_PATTERN = /^[\w.:/@*-]{1,256}$/;

/** Who agreed to an exemption, or why. */
export const saidBySomebody = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.nonEmpty("is empty: say it, so that others know"),
  v.maxLength(MAX_EXEMPTION_TEXT, `is longer than ${MAX_EXEMPTION_TEXT} characters`),
  v.regex(/^[^\p{Cc}\p{Cf}]*$/u, "holds characters that cannot be seen"),
);

/** Whether a text is the id of a region or a pattern of ids. */
export function isRegionOrPattern(text: string): boolean {
  return !text.startsWith("!") && text !== "all" && problemOfSelector(text) === null;
}

/** Whether a text has the form of a rule's id, or of a pattern of ids. */
export function isRuleOrPattern(text: string): boolean {
  return text !== "all" && RULE_PATTERN.test(text);
}

const exemption = v.pipe(
  keysOf({
    region: v.pipe(
      v.string("must be text"),
      v.check(
        isRegionOrPattern,
        'is not a region: use an id such as cn-hangzhou, or a pattern such as "ap-*"',
      ),
    ),
    account: v.optional(
      v.pipe(
        v.string('must be text: put the id in quotes, or write "*" for every account'),
        v.regex(/^(\*|\d{1,32})$/, 'is not the id of an account: write its number, or "*" for all'),
      ),
      "*",
    ),
    rule: v.optional(
      v.pipe(
        v.string("must be text"),
        v.check(
          isRuleOrPattern,
          `is not a rule: use an id such as ${DEFAULT_EXEMPT_RULE}, a pattern such as "vpc-*", or "*" for every rule`,
        ),
      ),
      DEFAULT_EXEMPT_RULE,
    ),
    resource: v.optional(
      v.pipe(
        v.string("must be text"),
        v.regex(
          RESOURCE_PATTERN,
          'is not a resource: use an id such as vpc-bp1abc, a pattern such as "vpc-*", or "*" for every resource',
        ),
      ),
      "*",
    ),
    owner: saidBySomebody,
    reason: saidBySomebody,
    expires: day,
  }),
  v.transform((given): Exemption => ({
    ...given,
    warnsFrom: dayOf(Date.parse(given.expires) - EXEMPTION_WARNING_MS),
  })),
);

/** Exemptions, as the configuration file has them. */
export const exemptions = v.array(exemption, "must be a list");
