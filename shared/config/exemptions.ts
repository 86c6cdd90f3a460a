import * as v from "valibot";

import type { Exemption } from "../audit/exemption.ts";
import { problemOfSelector } from "../audit/scope.ts";
import { day, dayOf, keysOf } from "./fields.ts";

/** How long before its last day an exemption is said to end soon. */
const EXEMPTION_WARNING_MS = 7 * 86_400_000;
const MAX_EXEMPTION_TEXT = 200;

const saidBySomebody = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.nonEmpty("is empty: say it, so that others know"),
  v.maxLength(MAX_EXEMPTION_TEXT, `is longer than ${MAX_EXEMPTION_TEXT} characters`),
  v.regex(/^[^\p{Cc}\p{Cf}]*$/u, "holds characters that cannot be seen"),
);

const exemption = v.pipe(
  keysOf({
    region: v.pipe(
      v.string("must be text"),
      v.check(
        (text) => !text.startsWith("!") && text !== "all" && problemOfSelector(text) === null,
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
    owner: saidBySomebody,
    reason: saidBySomebody,
    expires: day,
  }),
  v.transform((given): Exemption => ({
    ...given,
    warnsFrom: dayOf(Date.parse(given.expires) - EXEMPTION_WARNING_MS),
  })),
);

/** The agreed exceptions. */
export const exemptions = v.array(exemption, "must be a list");
