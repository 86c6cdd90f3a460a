import * as v from "valibot";

import { ABILITIES } from "../notify/abilities.ts";
import { inferReceiverType, problemOfReceiverAddress } from "../notify/receiver-address.ts";
import { RECEIVER_TYPES, type ReceiverType } from "../notify/receiver.ts";
import {
  LANGUAGES,
  type Mentions,
  problemOfReceiverName,
  receiverName,
  type ReceiverOptions,
} from "../notify/receiver-options.ts";
import { durationBetween, isKeyed, keysOf, textWithout } from "./fields.ts";
import { hasPlaceholder } from "./placeholders.ts";
import { withoutUndefined } from "./without-undefined.ts";

const MAX_MENTIONS = 20;

function names(form: RegExp, message: string) {
  return v.pipe(
    v.array(v.pipe(v.string(message), v.regex(form, message)), "must be a list"),
    v.maxLength(MAX_MENTIONS, `must have ${MAX_MENTIONS} entries at most`),
  );
}

const mentions = keysOf({
  mobiles: v.exactOptional(
    names(/^\+?[\d-]{5,20}$/, "must be the number of a mobile, as text (value not shown)"),
  ),
  userIds: v.exactOptional(names(/^[\w.@-]{1,64}$/, "must be the id of a user (value not shown)")),
  everyone: v.exactOptional(v.boolean("must be true or false")),
});

const receiver = v.pipe(
  keysOf({
    type: v.exactOptional(
      v.picklist(RECEIVER_TYPES, `must be one of ${RECEIVER_TYPES.join(", ")}`),
    ),
    url: v.string("must be text"),
    name: v.exactOptional(textWithout(problemOfReceiverName)),
    secret: v.exactOptional(v.string("must be text")),
    language: v.exactOptional(v.picklist(LANGUAGES, `must be one of ${LANGUAGES.join(", ")}`)),
    keyword: v.exactOptional(textWithout(problemOfKeyword)),
    mentions: v.exactOptional(mentions),
    validFor: v.exactOptional(durationBetween("1m", "30d")),
  }),
  v.rawCheck(({ dataset: { value }, addIssue }) => {
    if (!isKeyed(value)) return;
    for (const { path, message } of problemsTogether({ ...value })) {
      addIssue({ message, path: pathTo(value, path) });
    }
  }),
  v.transform(({ type, validFor, ...options }): ReceiverOptions => ({
    type: type ?? inferReceiverType(options.url),
    ...options,
    ...(validFor !== undefined && { validForMs: validFor }),
  })),
);

/** The receivers of alerts, each with a name of its own. */
export const receivers = v.pipe(
  v.array(receiver, "must be a list"),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const known = dataset.value.map(receiverName);
    for (const [index, name] of known.entries()) {
      const first = known.indexOf(name);
      if (first === index) continue;
      const item = dataset.value[index];
      addIssue({
        message:
          item?.name === undefined
            ? `is the same as receivers[${first}]: take one of them out, or give it a name`
            : `has the name of receivers[${first}]: give it another`,
        path: [{ type: "array", origin: "value", input: dataset.value, key: index, value: item }],
      });
    }
  }),
);

interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with a receiver's values together: they depend on its type. */
function problemsTogether(values: Record<string, unknown>): Problem[] {
  const { url, secret } = values;
  const type = typeOf(values);
  const problems: Problem[] = [];
  const add = (path: readonly string[], message: string | null): void => {
    if (message !== null) problems.push({ path, message });
  };
  if (typeof url === "string") add(["url"], problemOfReceiverAddress(url, type ?? "webhook"));
  if (type === null) return problems;
  const { called, problemOfSecret, ...able } = ABILITIES[type];
  if (typeof secret === "string") {
    add(
      ["secret"],
      problemOfSecret === null ? `${called} cannot sign: take it out` : problemOfSecret(secret),
    );
  }
  for (const key of ["language", "keyword", "validFor"] as const) {
    if (values[key] !== undefined && !able[key]) add([key], `${called} has none: take it out`);
  }
  const mentioned = withoutUndefined({ ...Object(values["mentions"]) });
  for (const key of ["mobiles", "userIds", "everyone"] as const satisfies (keyof Mentions)[]) {
    if (!(key in mentioned) || able.mentions.includes(key)) continue;
    const known =
      able.mentions.length === 0 ? "mentions nobody" : `knows ${able.mentions.join(", ")}`;
    add(["mentions", key], `${called} ${known}: take it out`);
  }
  return problems;
}

/** The type of a receiver, or null while it cannot be told: the address is wrong, or not known yet. */
function typeOf({ type, url }: Record<string, unknown>): ReceiverType | null {
  if (type !== undefined) return RECEIVER_TYPES.find((known) => known === type) ?? null;
  if (typeof url !== "string" || hasPlaceholder(url) || !URL.canParse(url)) return null;
  return inferReceiverType(url);
}

/** Says what is wrong with a keyword, or null. */
function problemOfKeyword(keyword: string): string | null {
  return /^[^\p{C}\s](?:[^\p{C}]{0,38}[^\p{C}\s])?$/u.test(keyword)
    ? null
    : "is not a keyword: write up to 40 characters in one line, with no space around them";
}

/** A path of keys, in the form that valibot wants. */
function pathTo(
  value: object,
  keys: readonly string[],
): [v.IssuePathItem, ...v.IssuePathItem[]] | undefined {
  let input: Record<string, unknown> = { ...value };
  const [first, ...rest] = keys.map((key): v.IssuePathItem => {
    const item = { type: "object", origin: "value", input, key, value: input[key] } as const;
    input = { ...Object(input[key]) };
    return item;
  });
  return first === undefined ? undefined : [first, ...rest];
}
