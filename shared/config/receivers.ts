import * as v from "valibot";

import { inferReceiverType } from "../notify/receiver-address.ts";
import type { ProblemOf } from "../notify/receiver-descriptor.ts";
import { LANGUAGES, problemOfReceiverName, receiverName } from "../notify/receiver-options.ts";
import { RECEIVER_TYPES, type ReceiverOptions } from "../notify/receivers.ts";
import {
  problemOfBearerToken,
  problemOfHeaderName,
  problemOfHeaderValue,
  problemOfPassword,
  problemOfUsername,
} from "../notify/request-headers.ts";
import {
  durationBetween,
  isKeyed,
  keysOf,
  mustBeSwitch,
  oneOf,
  textWithout,
  trueOrFalse,
} from "./fields.ts";
import type { Keys } from "./option.ts";
import { entriesOfKind, settingsOf } from "./own-options.ts";
import { problemsOfReceiver } from "./receiver-problems.ts";
import { route } from "./routes.ts";

const MAX_MENTIONS = 20;
/** Of headers, or of labels. */
export const MAX_NAMED = 20;

function names(form: RegExp, message: string) {
  return v.pipe(
    v.array(v.pipe(v.string(message), v.regex(form, message)), "must be a list"),
    v.maxLength(MAX_MENTIONS, `must have ${MAX_MENTIONS} entries at most`),
  );
}

/** A set of names and texts. */
function namedTexts(problemOfName: ProblemOf, problemOfText: ProblemOf) {
  return v.pipe(
    v.custom<Readonly<Record<string, string>>>(isKeyed, "must be a set of names and texts"),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const entries = Object.entries<unknown>(dataset.value);
      if (entries.length > MAX_NAMED) {
        addIssue({ message: `must have ${MAX_NAMED} entries at most` });
      }
      for (const [name, text] of entries) {
        const message =
          problemOfName(name) ?? (typeof text === "string" ? problemOfText(text) : "must be text");
        if (message !== null) addIssue({ message, path: pathTo(dataset.value, [name]) });
      }
    }),
    v.metadata({ namesCheckedBy: problemOfName, textsCheckedBy: problemOfText }),
  );
}

/** True or false, also as the text that a `${NAME}` gives. */
const flag = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false"])], mustBeSwitch),
  v.transform((value) => String(value) === "true"),
);

const mentions = keysOf({
  mobiles: v.exactOptional(
    names(/^\+?[\d-]{5,20}$/, "must be the number of a mobile, as text (value not shown)"),
  ),
  userIds: v.exactOptional(names(/^[\w.@-]{1,64}$/, "must be the id of a user (value not shown)")),
  everyone: v.exactOptional(trueOrFalse),
});

/** One receiver. */
export const receiver = v.pipe(
  keysOf({
    type: v.exactOptional(v.picklist(RECEIVER_TYPES, oneOf(RECEIVER_TYPES))),
    url: v.string("must be text"),
    name: v.exactOptional(textWithout(problemOfReceiverName)),
    secret: v.exactOptional(
      v.union([v.string(), v.array(v.string())], "must be text, or a list of texts"),
    ),
    language: v.exactOptional(v.picklist(LANGUAGES, oneOf(LANGUAGES))),
    keyword: v.exactOptional(textWithout(problemOfKeyword)),
    mentions: v.exactOptional(mentions),
    ...entriesOfKind("duration", ({ shortest, longest }) =>
      v.exactOptional(durationBetween(shortest, longest)),
    ),
    headers: v.exactOptional(namedTexts(problemOfHeaderName, problemOfHeaderValue)),
    basicAuth: v.exactOptional(
      keysOf({
        username: textWithout(problemOfUsername),
        password: textWithout(problemOfPassword),
      }),
    ),
    bearerToken: v.exactOptional(textWithout(problemOfBearerToken)),
    ...entriesOfKind("texts", ({ problemOfName, problemOfText }) =>
      v.exactOptional(namedTexts(problemOfName, problemOfText)),
    ),
    insecure: v.exactOptional(flag),
    only: v.exactOptional(route),
  }),
  v.rawCheck(({ dataset: { value }, addIssue }) => {
    if (!isKeyed(value)) return;
    for (const { path, message } of problemsOfReceiver({ ...value })) {
      addIssue({ message, path: pathTo(value, path) });
    }
  }),
  v.transform(({ type, ...options }): ReceiverOptions => ({
    type: type ?? inferReceiverType(options.url),
    ...settingsOf(options),
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

/** A keyword. */
export const KEYWORD = /^[^\p{C}\s](?:[^\p{C}]{0,38}[^\p{C}\s])?$/u;

/** Says what is wrong with a keyword, or null. */
export function problemOfKeyword(keyword: string): string | null {
  return KEYWORD.test(keyword)
    ? null
    : "is not a keyword: write up to 40 characters in one line, with no space around them";
}

/** A path of keys, in the form that valibot wants. */
function pathTo(value: object, keys: Keys): [v.IssuePathItem, ...v.IssuePathItem[]] | undefined {
  let input: Record<string, unknown> = { ...value };
  const [first, ...rest] = keys.map((key): v.IssuePathItem => {
    const item = { type: "unknown", origin: "value", input, key, value: input[key] } as const;
    input = { ...Object(input[key]) };
    return item;
  });
  return first === undefined ? undefined : [first, ...rest];
}
