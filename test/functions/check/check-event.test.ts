import { expect, test } from "vitest";

import { readCheckEvent } from "../../../functions/check/check-event.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const TICK = { triggerName: "hourly", triggerTime: "2026-11-22T07:17:00Z" };

test.each<[string, object, object]>([
  ["", { trigger: "event", tick: null }, {}],
  ["  \n", { trigger: "event", tick: null }, {}],
  ["{}", { trigger: "event", tick: null }, {}],
  ['{"regions":["cn-a"]}', { trigger: "event", tick: null }, { regions: ["cn-a"] }],
  [
    '{"regions":"cn-a","rules":["flow-log-retention","flow-log-retention"]}',
    { trigger: "event", tick: null },
    { regions: ["cn-a"], rules: ["flow-log-retention"] },
  ],
  [JSON.stringify(TICK), { trigger: "timer", tick: TICK }, {}],
  [JSON.stringify({ ...TICK, payload: "" }), { trigger: "timer", tick: TICK }, {}],
  [
    JSON.stringify({ ...TICK, payload: '{"regions":["cn-a"]}' }),
    { trigger: "timer", tick: TICK },
    { regions: ["cn-a"] },
  ],
  [
    JSON.stringify({ ...TICK, payload: '{"rules":"all"}' }),
    { trigger: "timer", tick: TICK },
    { rules: [...RULE_IDS] },
  ],
])("the event %j is read", (text, expected, values) => {
  expect(readCheckEvent(bytes(text))).toMatchObject({
    ...expected,
    layer: { values, problems: [] },
  });
});

// A trigger that is set up wrongly must not look like a success.
test.each([
  [
    "not JSON",
    'event: is not JSON. Send nothing, {}, or an object with "regions", "accounts" or "rules", such as {"regions":["cn-hangzhou"]}.',
  ],
  ["[]", "event: is not an object."],
  ["null", "event: is not an object."],
  ['"text"', "event: is not an object."],
  [JSON.stringify({ triggerName: "hourly" }), "event: is no timer event"],
  [JSON.stringify({ triggerTime: "2026-11-22T07:17:00Z" }), "event: is no timer event"],
  [JSON.stringify({ ...TICK, triggerName: 7 }), "event: is no timer event"],
  [JSON.stringify({ ...TICK, payload: {} }), "event: is no timer event"],
  [JSON.stringify({ ...TICK, more: 1 }), "event: is no timer event"],
  [JSON.stringify({ ...TICK, payload: "regions" }), "event.payload: is not JSON."],
  [JSON.stringify({ ...TICK, payload: "[]" }), "event.payload: is not an object."],
])("the event %j is refused: %s", (text, message) => {
  expect(() => readCheckEvent(bytes(text))).toThrow(message);
});

test.each([
  ['{"region":["cn-a"]}', "event.region"],
  ['{"regions":["CN-A"]}', "event.regions[0]"],
  ['{"rules":[]}', "event.rules"],
  ['{"rules":["all","vpc-flow-logs"]}', "event.rules[1]"],
  ['{"settings":{}}', "event.settings"],
  [JSON.stringify({ ...TICK, payload: '{"regions":[]}' }), "event.payload.regions"],
])("a mistake in %s is a problem of %s", (text, path) => {
  const { problems } = readCheckEvent(bytes(text)).layer;
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${path.replaceAll(/[[\].]/g, "\\$&")}:? `));
});
