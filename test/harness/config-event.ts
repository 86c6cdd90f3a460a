/** A token as Cloud Config makes them; no output may contain a part of it. */
export const RESULT_TOKEN =
  "HLQr3BZx/C+DLjwudFcYdUsiYzW485CJlYIMAAUjibdHcJhG2uvgKZ9tXaFh2yvVUxO2==";

export const ORDERING_TIMESTAMP = 1_600_610_821_106;

/** The account of an event, as a number. */
const ACCOUNT_ID = 1_234_567_890_123_456;

export interface ConfigEventOverrides {
  /** Null for none. @default the account */
  readonly item?: Readonly<Record<string, unknown>> | null;
  /** @default "ScheduledNotification" */
  readonly messageType?: string;
  /** @default "COMMON" */
  readonly configurationType?: string;
  /** @default {@link ACCOUNT_ID} */
  readonly accountId?: unknown;
  /** @default {} */
  readonly parameters?: unknown;
  /** Replaces fields of the event itself. */
  readonly event?: Readonly<Record<string, unknown>>;
}

/**
 * The event with which Cloud Config invokes the function of a custom rule.
 *
 * @see https://www.alibabacloud.com/help/doc-detail/182296.htm
 */
export function configEvent(overrides: ConfigEventOverrides = {}): string {
  const {
    accountId = ACCOUNT_ID,
    item = accountItem(accountId),
    messageType = "ScheduledNotification",
    configurationType = "COMMON",
    parameters = {},
    event = {},
  } = overrides;
  return JSON.stringify({
    resultToken: RESULT_TOKEN,
    ruleParameters: parameters,
    orderingTimestamp: ORDERING_TIMESTAMP,
    invokingEvent: {
      messageType,
      notificationCreationTimestamp: ORDERING_TIMESTAMP,
      accountId,
      configurationType,
      ...(item !== null && { configurationItem: item }),
    },
    ...event,
  });
}

function accountItem(accountId: unknown) {
  return itemWith({
    accountId,
    regionId: "global",
    resourceId: String(accountId),
    resourceName: "prod",
    resourceType: "ACS::::Account",
  });
}

/** A VPC in an event. */
export function vpcItem(resourceId: string, changes: Readonly<Record<string, unknown>> = {}) {
  return itemWith({
    accountId: ACCOUNT_ID,
    regionId: "cn-a",
    resourceId,
    resourceName: "shop",
    resourceType: "ACS::VPC::VPC",
    ...changes,
  });
}

function itemWith(values: Readonly<Record<string, unknown>>) {
  return {
    availabilityZone: "",
    configuration: '{"Status":"Available"}',
    captureTime: ORDERING_TIMESTAMP,
    resourceCreateTime: ORDERING_TIMESTAMP - 1_000,
    tags: "",
    ...values,
  };
}
