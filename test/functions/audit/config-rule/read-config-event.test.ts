import { expect, test } from "vitest";

import { readConfigEvent } from "../../../../functions/audit/config-rule/read-config-event.ts";
import { isConfigEvent } from "../../../../functions/audit/is-config-event.ts";
import {
  configEvent,
  type ConfigEventOverrides,
  ORDERING_TIMESTAMP,
  RESULT_TOKEN,
  vpcItem,
} from "../../../harness/config-event.ts";

const read = (overrides: ConfigEventOverrides = {}) =>
  readConfigEvent(JSON.parse(configEvent(overrides)));

test("an event is read, with account ids as text", () => {
  expect(read({ messageType: "Manual", parameters: { regions: "cn-*" } })).toEqual({
    resultToken: RESULT_TOKEN,
    orderingTimestamp: ORDERING_TIMESTAMP,
    messageType: "Manual",
    accountId: "1234567890123456",
    item: {
      resourceType: "ACS::::Account",
      resourceId: "1234567890123456",
      resourceName: "prod",
      regionId: "global",
    },
    ruleParameters: { regions: "cn-*" },
  });
});

test("fields that are not used may be missing, and new ones may be there", () => {
  const event = {
    ...JSON.parse(configEvent()),
    orderingTimestamp: undefined,
    ruleParameters: null,
    new: { field: [1] },
  };
  expect(readConfigEvent(event)).toMatchObject({
    // That of the notification, which is the same time.
    orderingTimestamp: ORDERING_TIMESTAMP,
    ruleParameters: {},
  });
});

test("the owner of the resource is the account, whoever else the event names", () => {
  const item = vpcItem("vpc-1", { accountId: 1_500_000_000_000_001 });
  expect(read({ item }).accountId).toBe("1500000000000001");
});

test.each<[string, ConfigEventOverrides, readonly string[]]>([
  ["an empty token", { event: { resultToken: "" } }, ["event.resultToken"]],
  ["a token that is none", { event: { resultToken: 7 } }, ["event.resultToken"]],
  ["a token of two lines", { event: { resultToken: "a\nb" } }, ["event.resultToken"]],
  ["an endless token", { event: { resultToken: "x".repeat(20_000) } }, ["event.resultToken"]],
  ["no token", { event: { resultToken: undefined } }, ["event.resultToken"]],
  ["no inner event", { event: { invokingEvent: "{}" } }, ["event.invokingEvent"]],
  ["another message", { messageType: "Push" }, ["event.invokingEvent.messageType"]],
  ["another type", { configurationType: "HUGE" }, ["event.invokingEvent.configurationType"]],
  ["parameters as text", { parameters: "{}" }, ["event.ruleParameters"]],
  ["parameters as a list", { parameters: [] }, ["event.ruleParameters"]],
  [
    "an account id that has lost digits",
    { accountId: 2 ** 53 + 2, item: null },
    ["event.invokingEvent.accountId"],
  ],
  ["an account that is none", { accountId: "me", item: null }, ["event.invokingEvent.accountId"]],
  ["no account", { accountId: null, item: null }, ["event.invokingEvent.accountId"]],
  [
    "a time that is none",
    { event: { orderingTimestamp: "2026-11-22" } },
    ["event.orderingTimestamp"],
  ],
  [
    "a change of nothing",
    { item: null, messageType: "ConfigurationItemChangeNotification" },
    ["event.invokingEvent.configurationItem"],
  ],
  [
    "a resource without an id",
    { item: vpcItem("") },
    ["event.invokingEvent.configurationItem.resourceId"],
  ],
  [
    "a resource without a type",
    { item: vpcItem("vpc-1", { resourceType: "" }) },
    ["event.invokingEvent.configurationItem.resourceType"],
  ],
  [
    "several at once",
    { messageType: "Push", parameters: 7, item: vpcItem("vpc-1", { regionId: 7 }) },
    [
      "event.ruleParameters",
      "event.invokingEvent.messageType",
      "event.invokingEvent.configurationItem.regionId",
    ],
  ],
])("%s is refused by its place, without its value", (_what, overrides, paths) => {
  const event: object = JSON.parse(configEvent(overrides));
  expect(isConfigEvent(event)).toBe(true);
  const problem = problemOf(event);
  const places = [...problem.matchAll(/(?:^|- )(event[\w.]*): is missing/gm)].map(
    ([, place]) => place,
  );
  expect(places).toEqual(paths);
  expect(problem).not.toMatch(/Push|HUGE|2026-11-22|xxxx/);
});

function problemOf(event: object): string {
  try {
    readConfigEvent(event);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  throw new Error("the event was accepted");
}

test.each([
  ["{}", false],
  ['{"regions":["cn-a"]}', false],
  ['{"resultToken":"x"}', true],
  ['{"invokingEvent":null}', true],
  ['{"__proto__":{"resultToken":"x"}}', false],
])("%s is an event of Cloud Config: %s", (event, expected) => {
  expect(isConfigEvent(JSON.parse(event))).toBe(expected);
});
