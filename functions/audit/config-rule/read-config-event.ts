import * as v from "valibot";

import { isAccountId } from "../../../shared/audit/account-selector.ts";
import { ConfigError } from "../../../shared/audit/run-error.ts";

/** What made Cloud Config invoke the function. */
const MESSAGE_TYPES = [
  "ScheduledNotification",
  "ConfigurationItemChangeNotification",
  "Manual",
] as const;
type MessageType = (typeof MESSAGE_TYPES)[number];

/** The event with which Cloud Config invokes the function of a custom rule. */
export interface ConfigEvent {
  /** See `EvaluationBatch`. */
  readonly resultToken: string;
  /** Milliseconds since the epoch. */
  readonly orderingTimestamp: number;
  readonly messageType: MessageType;
  /** The owner of the resource. */
  readonly accountId: string;
  /** The resource to evaluate; null where the event names none. */
  readonly item: ConfigurationItem | null;
  /** The rule's input parameters, not checked. */
  readonly ruleParameters: object;
}

/** What the event says of the resource. Its configuration is not used: the audit asks for it itself. */
export interface ConfigurationItem {
  readonly resourceType: string;
  readonly resourceId: string;
  /** Text from outside; empty for none. */
  readonly resourceName: string;
  /** Empty for none. */
  readonly regionId: string;
}

/** The longest token that was published has some 300 characters. */
const MAX_TOKEN_LENGTH = 16_384;

/** Numbers, which have lost digits where they are larger than this. */
const accountId = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.safeInteger())]),
  v.transform(String),
  v.check(isAccountId),
);
/** Milliseconds since the epoch. */
const timestamp = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const text = v.nullish(v.string(), "");

const Item = v.object({
  accountId: v.nullish(accountId, null),
  regionId: text,
  resourceId: text,
  resourceName: text,
  resourceType: text,
});

/** Without the configuration, so that its absence (`NONE`) or size (`OVERSIZE`) makes no difference. */
const Event = v.object({
  resultToken: v.pipe(v.string(), v.maxLength(MAX_TOKEN_LENGTH), v.regex(/^[\x21-\x7e]+$/)),
  orderingTimestamp: v.nullish(timestamp, null),
  ruleParameters: v.nullish(v.custom<object>(isObject), {}),
  invokingEvent: v.object({
    messageType: v.picklist(MESSAGE_TYPES),
    notificationCreationTimestamp: v.nullish(timestamp, null),
    accountId: v.nullish(accountId, null),
    configurationType: v.nullish(v.picklist(["COMMON", "OVERSIZE", "NONE"])),
    configurationItem: v.nullish(Item, null),
  }),
});

/**
 * Reads the event of Cloud Config.
 *
 * @throws {@link ConfigError} with everything that is wrong. No value is repeated, because the event holds
 *   a token.
 * @see https://help.aliyun.com/en/document_detail/127405.html
 */
export function readConfigEvent(event: object): ConfigEvent {
  const parsed = v.safeParse(Event, event);
  if (!parsed.success) throw new ConfigError(problemsOf(parsed.issues));
  const { resultToken, ruleParameters, invokingEvent } = parsed.output;
  const { messageType, configurationItem } = invokingEvent;
  const owner = configurationItem?.accountId ?? invokingEvent.accountId;
  const orderingTimestamp =
    parsed.output.orderingTimestamp ?? invokingEvent.notificationCreationTimestamp;
  if (owner === null) throw malformed("invokingEvent.accountId: is missing");
  if (orderingTimestamp === null) throw malformed("orderingTimestamp: is missing");
  const item = configurationItem === null ? null : itemOf(configurationItem);
  if (item === null && messageType === "ConfigurationItemChangeNotification") {
    throw malformed("invokingEvent.configurationItem: is missing, and it is what has changed");
  }
  return {
    resultToken,
    orderingTimestamp,
    messageType,
    accountId: owner,
    item,
    ruleParameters,
  };
}

/** Null for an item without anything in it, which stands for none. */
function itemOf({
  accountId: _owner,
  ...item
}: v.InferOutput<typeof Item>): ConfigurationItem | null {
  const { resourceType, resourceId } = item;
  if (resourceType === "" && resourceId === "") return null;
  if (resourceType !== "" && resourceId !== "") return item;
  const missing = resourceType === "" ? "resourceType" : "resourceId";
  throw malformed(`invokingEvent.configurationItem.${missing}: is missing`);
}

/** The wrong parts by their paths, each once. */
function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string[] {
  const paths = new Set(issues.map((issue) => v.getDotPath(issue) ?? ""));
  return [...paths].map((path) => {
    const shown = path === "" ? "event" : `event.${path}`;
    return `${shown}: is missing, or is not what Cloud Config sends. ${ADVICE}`;
  });
}

function malformed(problem: string): ConfigError {
  return new ConfigError([`event.${problem}. ${ADVICE}`]);
}

const ADVICE = "Let a custom function rule of Cloud Config invoke the function.";

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
