import { inferReceiverType, problemOfReceiverAddress } from "../notify/receiver-address.ts";
import type { ReceiverDescriptor } from "../notify/receiver-descriptor.ts";
import type { Mentions } from "../notify/receiver-options.ts";
import {
  descriptorOf,
  GENERIC_TYPE,
  RECEIVER_TYPES,
  type ReceiverType,
} from "../notify/receivers.ts";
import { withoutUndefined } from "./fields.ts";
import type { Keys } from "./option.ts";
import { ownKeys } from "./own-options.ts";
import { hasPlaceholder } from "./placeholders.ts";

/** The current secret, and those that it has replaced recently. */
export const MAX_SECRETS = 5;

/** What is wrong with one of a receiver's values. */
interface Problem {
  /** Within the receiver. */
  readonly path: Keys;
  readonly message: string;
}

/** Finds what is wrong with a receiver's values together: which are allowed depends on its type. */
export function problemsOfReceiver(values: Record<string, unknown>): Problem[] {
  const type = typeOf(values);
  const problems = [...problemsOfAddress(values, type), ...problemsOfAuthorization(values)];
  if (type === null) return problems;
  const descriptor = descriptorOf(type);
  return [
    ...problems,
    ...problemsOfSecret(values["secret"], descriptor),
    ...problemsOfOptions(values, descriptor),
    ...problemsOfMentions(values["mentions"], descriptor),
  ];
}

function problemsOfAddress(
  { url, insecure }: Record<string, unknown>,
  type: ReceiverType | null,
): Problem[] {
  if (typeof url !== "string") return [];
  const isInsecure = insecure === true || insecure === "true";
  const allowsHttp = isInsecure && type !== null && descriptorOf(type).isOwnServer === true;
  return at(["url"], problemOfReceiverAddress(url, type ?? GENERIC_TYPE, allowsHttp));
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

function problemsOfSecret(
  secret: unknown,
  { called, signature }: Pick<ReceiverDescriptor, "called" | "signature">,
): Problem[] {
  if (secret === undefined) return [];
  if (signature === undefined) return at(["secret"], `${called} cannot sign: take it out`);
  const { problemOfSecret, takesSeveralSecrets } = signature;
  if (typeof secret === "string") return at(["secret"], problemOfSecret(secret));
  if (!Array.isArray(secret)) return [];
  if (!takesSeveralSecrets) return at(["secret"], `${called} has one secret: write it as text`);
  if (secret.length === 0 || secret.length > MAX_SECRETS) {
    return at(["secret"], `must have 1 to ${MAX_SECRETS} entries`);
  }
  return secret.flatMap((each: unknown, index) =>
    typeof each === "string" ? at(["secret", index], problemOfSecret(each)) : [],
  );
}

function problemsOfOptions(
  values: Record<string, unknown>,
  descriptor: ReceiverDescriptor,
): Problem[] {
  return [...OPTIONS]
    .filter(([key, isTakenBy]) => values[key] !== undefined && !isTakenBy(descriptor))
    .flatMap(([key]) => at([key], `${descriptor.called} has none: take it out`));
}

function problemsOfMentions(
  mentions: unknown,
  { called, mentions: known = [] }: ReceiverDescriptor,
): Problem[] {
  const mentioned = withoutUndefined({ ...Object(mentions) });
  const said = known.length === 0 ? "mentions nobody" : `knows ${known.join(", ")}`;
  return (["mobiles", "userIds", "everyone"] as const satisfies (keyof Mentions)[])
    .filter((key) => key in mentioned && !known.includes(key))
    .flatMap((key) => at(["mentions", key], `${called} ${said}: take it out`));
}

function at(path: Keys, message: string | null): Problem[] {
  return message === null ? [] : [{ path, message }];
}

type IsTakenBy = (descriptor: ReceiverDescriptor) => boolean;

const ofOwnServer: IsTakenBy = ({ isOwnServer }) => isOwnServer === true;

/** The options that not every type has, in the order in which problems with them are listed. */
export const OPTIONS: ReadonlyMap<string, IsTakenBy> = new Map([
  ["language", ({ language }) => language !== undefined],
  ["keyword", ({ isChat }) => isChat === true],
  ...ownKeys("duration").map((key) => [key, isOwnOption(key)] as const),
  ["headers", ofOwnServer],
  ["basicAuth", ofOwnServer],
  ["bearerToken", ofOwnServer],
  ["insecure", ofOwnServer],
  ...ownKeys("texts").map((key) => [key, isOwnOption(key)] as const),
]);

function isOwnOption(key: string): IsTakenBy {
  return ({ ownOptions = {} }) => Object.hasOwn(ownOptions, key);
}

/** The type of a receiver, or null where it is unknown: the address is wrong, or not known yet. */
function typeOf({ type, url }: Record<string, unknown>): ReceiverType | null {
  if (type !== undefined) return RECEIVER_TYPES.find((known) => known === type) ?? null;
  if (typeof url !== "string" || hasPlaceholder(url) || !URL.canParse(url)) return null;
  return inferReceiverType(url);
}
