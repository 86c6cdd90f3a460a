import { problemOfRobotSecret } from "../../notify/chat-receiver.ts";
import type { ReceiverDescriptor } from "../../notify/receiver-descriptor.ts";
import type { Mentions } from "../../notify/receiver-options.ts";
import { GENERIC_TYPE, RECEIVERS } from "../../notify/receivers.ts";
import { problemOfWebhookSecret, SECRET } from "../../notify/webhook-signature.ts";
import { MAX_SECRETS, OPTIONS } from "../receiver-problems.ts";
import { anyCase, type Form, textForm } from "./text-forms.ts";

const MENTIONS = ["mobiles", "userIds", "everyone"] as const satisfies (keyof Mentions)[];

/** The forms of secrets by the function that checks them. */
const SECRETS: ReadonlyMap<unknown, Form> = new Map<unknown, Form>([
  [problemOfWebhookSecret, textForm({ pattern: SECRET.source.replace("?<key>", "?:") })],
  [problemOfRobotSecret, textForm({ pattern: "^\\S+$" })],
]);

/** The end of a host in an address that is written as addresses usually are. */
const HOST_END = "\\.?(?::\\d+)?(?:[/?#]|$)";
/** An address whose host can be read without parsing it, and that no `${NAME}` changes. */
const PLAIN_ADDRESS = "^https?://[a-z0-9.-]+(?::\\d+)?(?:[/?#][^$]*)?$";

/** What a type does not take, and the form of its secret. */
function formOfType(descriptor: ReceiverDescriptor): Form {
  const { signature, mentions = [] } = descriptor;
  const refused = [...OPTIONS].filter(([, isTakenBy]) => !isTakenBy(descriptor));
  return {
    properties: {
      ...Object.fromEntries(refused.map(([key]) => [key, false])),
      secret: signature === undefined ? false : formOfSecret(signature),
      mentions: {
        type: "object",
        properties: Object.fromEntries(
          MENTIONS.filter((key) => !mentions.includes(key)).map((key) => [key, false]),
        ),
      },
    },
  };
}

function formOfSecret({
  problemOfSecret,
  takesSeveralSecrets,
}: NonNullable<ReceiverDescriptor["signature"]>): Form {
  const one = SECRETS.get(problemOfSecret);
  if (one === undefined) throw new Error("a type of receiver has a secret without a JSON form");
  return takesSeveralSecrets
    ? { anyOf: [one, { type: "array", items: one, minItems: 1, maxItems: MAX_SECRETS }] }
    : one;
}

/** An address of a vendor's host that accepts messages. */
function addressesOf({ domains = [] }: ReceiverDescriptor): Form[] {
  return domains.flatMap(({ acceptsMessages: accepting }) =>
    "hosts" in accepting ? [{ pattern: `^https?://${hostPattern(accepting.hosts.source)}` }] : [],
  );
}

/** The source of a pattern of hosts as a part of an address. */
function hostPattern(source: string): string {
  const alternatives = topLevelAlternatives(source).map((alternative) => {
    const isWhole = alternative.startsWith("^");
    const host = alternative.replace(/^\^/, "").replace(/\$$/, "");
    return `${isWhole ? "" : "[a-z0-9.-]*"}(?:${host})${HOST_END}`;
  });
  return `(?:${alternatives.join("|")})`;
}

/** The alternatives of a regular expression that are in no group. */
function topLevelAlternatives(source: string): string[] {
  const alternatives = [""];
  let depth = 0;
  for (const character of source) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "|" && depth === 0) alternatives.push("");
    else alternatives[alternatives.length - 1] += character;
  }
  return alternatives;
}

const hasType = (type: string): Form => ({
  properties: { type: { const: type } },
  required: ["type"],
});

/** Whether the type is left out and the address is one of these. */
const hasAddress = (address: Form): Form => ({
  properties: { url: { type: "string", ...address } },
  required: ["url"],
  not: { required: ["type"] },
});

const ADDRESSES = RECEIVERS.flatMap(addressesOf);

/** A form that holds where another one does. As entries, since an object with the key `then` would be a thenable. */
function where(condition: Form, form: Form): Form {
  return Object.fromEntries([
    ["if", condition],
    ["then", form],
  ]);
}

/** The conditions by which the type of a receiver is known. */
function isOfType(descriptor: ReceiverDescriptor): Form {
  const addresses = addressesOf(descriptor);
  const inferred =
    descriptor.type === GENERIC_TYPE
      ? [hasAddress({ pattern: PLAIN_ADDRESS, not: { anyOf: ADDRESSES } })]
      : addresses.map(hasAddress);
  return { anyOf: [hasType(descriptor.type), ...inferred] };
}

/** What the values of a receiver must be together: which are allowed depends on its type. */
export const RECEIVER_CONDITIONS: Form = {
  allOf: [
    ...RECEIVERS.map((descriptor: ReceiverDescriptor) =>
      where(isOfType(descriptor), formOfType(descriptor)),
    ),
    { not: { required: ["basicAuth", "bearerToken"] } },
    where(
      { anyOf: [{ required: ["basicAuth"] }, { required: ["bearerToken"] }] },
      {
        properties: {
          headers: {
            type: "object",
            propertyNames: { not: { pattern: `^${anyCase("authorization")}$` } },
          },
        },
      },
    ),
  ],
};
