import { ABILITIES } from "../notify/abilities.ts";
import { inferReceiverType, problemOfReceiverAddress } from "../notify/receiver-address.ts";
import { RECEIVER_TYPES, type ReceiverType } from "../notify/receiver.ts";
import type { Mentions } from "../notify/receiver-options.ts";
import { hasPlaceholder } from "./placeholders.ts";
import { withoutUndefined } from "./without-undefined.ts";

/** One that signs, and those that it has replaced not long ago. */
const MAX_SECRETS = 5;

/** Where a value stands. */
export type Keys = readonly (string | number)[];

/** What is wrong with one of a receiver's values. */
interface Problem {
  readonly path: Keys;
  readonly message: string;
}

/** What is wrong with a receiver's values together: they depend on its type. */
export function problemsOfReceiver(values: Record<string, unknown>): Problem[] {
  const type = typeOf(values);
  const problems = [...problemsOfAddress(values, type), ...problemsOfAuthorization(values)];
  if (type === null) return problems;
  return [
    ...problems,
    ...problemsOfSecret(values["secret"], type),
    ...problemsOfOptions(values, type),
    ...problemsOfMentions(values["mentions"], type),
  ];
}

function problemsOfAddress(
  { url, insecure }: Record<string, unknown>,
  type: ReceiverType | null,
): Problem[] {
  if (typeof url !== "string") return [];
  const isInsecure = insecure === true || insecure === "true";
  const allowsHttp = isInsecure && type !== null && ABILITIES[type].request;
  return at(["url"], problemOfReceiverAddress(url, type ?? "webhook", allowsHttp));
}

function problemsOfAuthorization({
  headers,
  basicAuth,
  bearerToken,
}: Record<string, unknown>): Problem[] {
  const names = Object.keys({ ...Object(headers) });
  const isAuthenticated = basicAuth !== undefined || bearerToken !== undefined;
  return [
    ...names.flatMap((name) => {
      const lowerCase = name.toLowerCase();
      if (names.find((other) => other.toLowerCase() === lowerCase) !== name) {
        return at(["headers", name], "stands there twice, in another case: write it once");
      }
      return lowerCase === "authorization" && isAuthenticated
        ? at(["headers", name], "stands beside basicAuth or bearerToken: write one of them")
        : [];
    }),
    ...(basicAuth !== undefined && bearerToken !== undefined
      ? at(["bearerToken"], "stands beside basicAuth: write one of them")
      : []),
  ];
}

function problemsOfSecret(secret: unknown, type: ReceiverType): Problem[] {
  const { called, problemOfSecret, secrets } = ABILITIES[type];
  if (secret === undefined) return [];
  if (problemOfSecret === null) return at(["secret"], `${called} cannot sign: take it out`);
  if (typeof secret === "string") return at(["secret"], problemOfSecret(secret));
  if (!Array.isArray(secret)) return [];
  if (!secrets) return at(["secret"], `${called} has one secret: write it as text`);
  if (secret.length === 0 || secret.length > MAX_SECRETS) {
    return at(["secret"], `must have 1 to ${MAX_SECRETS} entries`);
  }
  return secret.flatMap((each: unknown, index) =>
    typeof each === "string" ? at(["secret", index], problemOfSecret(each)) : [],
  );
}

function problemsOfOptions(values: Record<string, unknown>, type: ReceiverType): Problem[] {
  const { called, ...able } = ABILITIES[type];
  return Object.entries(OPTIONS).flatMap(([key, ability]) =>
    values[key] === undefined || able[ability] ? [] : at([key], `${called} has none: take it out`),
  );
}

function problemsOfMentions(mentions: unknown, type: ReceiverType): Problem[] {
  const { called, mentions: known } = ABILITIES[type];
  const mentioned = withoutUndefined({ ...Object(mentions) });
  const said = known.length === 0 ? "mentions nobody" : `knows ${known.join(", ")}`;
  return (["mobiles", "userIds", "everyone"] as const satisfies (keyof Mentions)[])
    .filter((key) => key in mentioned && !known.includes(key))
    .flatMap((key) => at(["mentions", key], `${called} ${said}: take it out`));
}

function at(path: Keys, message: string | null): Problem[] {
  return message === null ? [] : [{ path, message }];
}

/** Options that not every type has, and the ability that each is part of. */
const OPTIONS = {
  language: "language",
  keyword: "keyword",
  validFor: "validFor",
  headers: "request",
  basicAuth: "request",
  bearerToken: "request",
  insecure: "request",
  labels: "labels",
} as const;

/** The type of a receiver, or null while it cannot be told: the address is wrong, or not known yet. */
function typeOf({ type, url }: Record<string, unknown>): ReceiverType | null {
  if (type !== undefined) return RECEIVER_TYPES.find((known) => known === type) ?? null;
  if (typeof url !== "string" || hasPlaceholder(url) || !URL.canParse(url)) return null;
  return inferReceiverType(url);
}
