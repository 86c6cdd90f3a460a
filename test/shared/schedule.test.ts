import { expect, test } from "vitest";

import { parseSchedule } from "../../shared/schedule.ts";

test.each<[string, string | undefined, unknown]>([
  ["0 17 * * * *", undefined, { kind: "cron", expression: "0 17 * * * *", timezone: "UTC" }],
  ["0 17 4 ? * MON-FRI", undefined, { kind: "cron", timezone: "UTC" }],
  ["0 0/5 * * * *", undefined, { kind: "cron", expression: "0 0-59/5 * * * *" }],
  ["0 17 * * * *", "Asia/Shanghai", { timezone: "Asia/Shanghai" }],
  [
    "CRON_TZ=Asia/Shanghai 0 17 * * * *",
    undefined,
    { expression: "0 17 * * * *", timezone: "Asia/Shanghai" },
  ],
  ["CRON_TZ=Asia/Shanghai 0 17 * * * *", "Asia/Shanghai", { timezone: "Asia/Shanghai" }],
  ["@every 5m", undefined, { kind: "every", everyMs: 300_000 }],
  ["@every 1h", undefined, { kind: "every", everyMs: 3_600_000 }],
])("%j in %s", (text, timezone, schedule) => {
  expect(parseSchedule(text, "--schedule", timezone)).toMatchObject(schedule as object);
});

test.each<[string, string | undefined, string]>([
  ["17 * * * *", undefined, "--schedule: has 5 fields: write six fields, seconds first"],
  ["", undefined, "--schedule: has 1 fields"],
  ["0 61 * * * *", undefined, "--schedule: is wrong in minute"],
  ["0 17 * * * x", undefined, "--schedule: is wrong in"],
  ["@every", undefined, "--schedule: has 1 fields"],
  ["@every 5", undefined, "--schedule: @every takes a duration"],
  ["@every 10ms", undefined, "--schedule: @every takes a duration"],
  ["@every 5m", "Asia/Shanghai", "--timezone: means nothing to @every"],
  ["0 17 * * * *", "Mars/Olympus", "--schedule: names no time zone"],
  ["CRON_TZ=Mars/Olympus 0 17 * * * *", undefined, "--schedule: names no time zone"],
  ["CRON_TZ=Asia/Tokyo 0 17 * * * *", "Asia/Shanghai", "--timezone: is not the zone of CRON_TZ="],
])("%j in %s is an error: %s", (text, timezone, message) => {
  expect(() => parseSchedule(text, "--schedule", timezone)).toThrow(message);
});
