import * as v from "valibot";

/** The id of a resource. Checked, because ids become part of commands to copy. */
export const resourceId = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/));

/** A text that an answer must have. */
export const requiredText = v.pipe(v.string(), v.nonEmpty());

/** A text that an answer may have; undefined for an empty one. */
export const optionalText = v.pipe(
  v.nullish(v.string(), ""),
  v.transform((text) => (text === "" ? undefined : text)),
);

/** A number that is not negative. Some operations write numbers as texts. */
export const wholeNumber = v.pipe(
  v.union([
    v.number(),
    v.pipe(
      v.string(),
      v.regex(/^\d{1,15}$/),
      v.transform((digits) => Number(digits)),
    ),
  ]),
  v.safeInteger(),
  v.minValue(0),
);
