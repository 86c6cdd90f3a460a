import { readFileSync } from "node:fs";

import { afterEach, describe, expect, test, vi } from "vitest";

import { problemOfSchedule } from "../../../deploy/template/check-schedule.ts";
import { parseSchedule } from "../../../shared/schedule/parse-schedule.ts";

const ALL_MINUTES = Array.from({ length: 60 }, (_, minute) => minute);
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

describe("schedules that Function Compute documents are accepted", () => {
  test.each<[string, object]>([
    ["0 17 * * * *", { kind: "cron", second: 0, minutes: [17], timeZone: "UTC", isHourly: true }],
    ["59 * * * * *", { second: 59, minutes: ALL_MINUTES, daysOfWeek: EVERY_DAY }],
    ["0 05 09 * * *", { minutes: [5], hours: [9] }],
    ["0 37,7,7 * * * *", { minutes: [7, 37] }],
    ["0 10-12,40 * * * *", { minutes: [10, 11, 12, 40] }],
    ["0 3/20 * * * *", { minutes: [3, 23, 43] }],
    ["0 */25 * * * *", { minutes: [0, 25, 50] }],
    ["0 0/30,7 * * * *", { minutes: [0, 7, 30] }],
    ["0 17 9-11 * * *", { hours: [9, 10, 11], isHourly: false }],
    ["0 17 0,12 * * *", { hours: [0, 12], isHourly: false }],
    ["0 17 0-23 * * *", { isHourly: true }],
    ["0 17 2/8 * * *", { hours: [2, 10, 18], isHourly: true }],
    ["0 17 */6 * * *", { hours: [0, 6, 12, 18], isHourly: true }],
    ["0 17 9 1/10 * ?", { daysOfMonth: [1, 11, 21, 31], daysOfWeek: EVERY_DAY }],
    ["0 17 9 31 * *", { daysOfMonth: [31] }],
    ["0 17 9 29 2 *", { daysOfMonth: [29], months: [2] }],
    ["0 17 9 29-31 FEB *", { daysOfMonth: [29, 30, 31], months: [2] }],
    ["0 17 9 ? JAN-MAR,DEC *", { months: [1, 2, 3, 12] }],
    ["0 17 9 * 1/3 *", { months: [1, 4, 7, 10] }],
    ["0 17 9 ? * MON", { daysOfWeek: [1] }],
    ["0 17 9 ? * SUN", { daysOfWeek: [7] }],
    ["0 17 9 * * 7", { daysOfWeek: [7] }],
    ["0 17 9 * * MON-SUN", { daysOfWeek: EVERY_DAY }],
    ["0 17 9 ? * 1-5,SUN", { daysOfWeek: [1, 2, 3, 4, 5, 7] }],
    ["0 17 9 ? * ?", { daysOfWeek: EVERY_DAY }],
    ["CRON_TZ=UTC 0 17 * * * *", { timeZone: "UTC" }],
    ["@every 5m", { kind: "every", everyMs: 300_000 }],
    ["@every 90m", { kind: "every", everyMs: 5_400_000 }],
    ["@every 1440m", { kind: "every", everyMs: 86_400_000 }],
    ["@every 24h", { kind: "every", everyMs: 86_400_000 }],
    ["@every 30s", { kind: "every", everyMs: 30_000 }],
  ])("%j", (text, schedule) => {
    expect(parseSchedule(text, "--schedule")).toMatchObject(schedule);
  });

  // The examples of https://help.aliyun.com/document_detail/168926.html
  test.each([
    "CRON_TZ=Asia/Shanghai 0 0 4 1 * *",
    "CRON_TZ=Asia/Shanghai 0 30 12 * * *",
    "CRON_TZ=Asia/Shanghai 0 26,29,33 * * * *",
    "CRON_TZ=Asia/Shanghai 0 30 12 ? * MON-FRI",
    "CRON_TZ=Asia/Shanghai 0 0/5 12-14 ? * MON-FRI",
    "CRON_TZ=Asia/Shanghai 0 0 12 ? JAN,FEB,MAR,APR *",
    "@every 5m",
    "@every 90m",
  ])("its example %s, in the deployment too", (example) => {
    expect(problemOfSchedule(example)).toBeNull();
  });
});

const REFUSED: readonly (readonly [text: string, message: string])[] = [
  ["", "has 0 fields: write six fields, seconds first"],
  ["17 * * * *", "has 5 fields: write six fields, seconds first"],
  ["0 17 * * * * *", "has 7 fields: write six fields"],
  ["@hourly", "has 1 field: write six fields"],
  ["TZ=Asia/Shanghai 0 17 * * * *", "has 7 fields: write six fields"],
  ["0  17 * * * *", "has a space too many"],
  ["0\t17 * * * *", "has a space too many"],
  [" 0 17 * * * *", "has a space too many"],
  ["* 17 * * * *", 'has "*" for the seconds: write one number from 0 to 59'],
  ["? 17 * * * *", 'has "?" for the seconds: write one number'],
  ["*/1 17 * * * *", 'has "*/1" for the seconds: write one number'],
  ["*/30 17 * * * *", 'has "*/30" for the seconds: write one number'],
  ["0/30 17 * * * *", 'has "0/30" for the seconds: write one number'],
  ["0-59 17 * * * *", 'has "0-59" for the seconds: write one number'],
  ["0,30 17 * * * *", 'has "0,30" for the seconds: write one number'],
  ["60 17 * * * *", 'has "60" for the seconds: write one number from 0 to 59'],
  ["0 61 * * * *", 'has "61" for the minutes: write numbers from 0 to 59'],
  ["0 ? * * * *", 'has "?" for the minutes'],
  ["0 *,5 * * * *", 'has "*" for the minutes'],
  ["0 5, * * * *", 'has "" for the minutes'],
  ["0 -5 * * * *", 'has "-5" for the minutes'],
  ["0 1-2-3 * * * *", 'has "1-2-3" for the minutes'],
  ["0 0/0 * * * *", 'has "0/0" for the minutes'],
  ["0 0/60 * * * *", 'has "0/60" for the minutes'],
  ["0 0/5/5 * * * *", 'has "0/5/5" for the minutes'],
  ["0 /5 * * * *", 'has "/5" for the minutes'],
  ["0 0-30/10 * * * *", 'has "0-30/10" for the minutes'],
  ["0 1.5 * * * *", 'has "1.5" for the minutes'],
  ["0 50-10 * * * *", 'has "50-10" for the minutes, which runs backwards: write "50-59,0-10"'],
  ["0 17 24 * * *", 'has "24" for the hours: write numbers from 0 to 23'],
  ["0 17 22-6 * * *", 'has "22-6" for the hours, which runs backwards: write "22-23,0-6"'],
  ["0 17 9 0 * *", 'has "0" for the day of the month: write numbers from 1 to 31'],
  ["0 17 9 32 * *", 'has "32" for the day of the month'],
  ["0 17 9 L * *", 'has "L" for the day of the month'],
  ["0 17 9 LW * *", 'has "LW" for the day of the month'],
  ["0 17 9 15W * *", 'has "15W" for the day of the month'],
  ["0 17 9 L-3 * *", 'has "L-3" for the day of the month'],
  ["0 17 9 30 2 *", 'has "30" for the day of the month, which "2" for the month does not have'],
  ["0 17 9 31 APR,JUN *", 'has "31" for the day of the month, which "APR,JUN" for the month does'],
  ["0 17 9 * 0 *", 'has "0" for the month: write numbers from 1 to 12 or JAN to DEC'],
  ["0 17 9 * 13 *", 'has "13" for the month'],
  ["0 17 9 * january *", 'has "january" for the month'],
  ["0 17 9 * jan *", 'has "jan" for the month'],
  ["0 17 9 * ? *", 'has "?" for the month'],
  [
    "0 17 9 * NOV-FEB *",
    'has "NOV-FEB" for the month, which runs backwards: write "NOV-DEC,JAN-FEB"',
  ],
  ["0 17 9 ? * 0", 'has "0" for the day of the week: write MON to SUN or 1 (Monday) to 7 (Sunday)'],
  ["0 17 9 ? * 8", 'has "8" for the day of the week'],
  ["0 17 9 ? * monday", 'has "monday" for the day of the week'],
  ["0 17 9 ? * Mon", 'has "Mon" for the day of the week'],
  ["0 17 9 ? * JAN", 'has "JAN" for the day of the week'],
  ["0 17 9 ? * 5L", 'has "5L" for the day of the week'],
  ["0 17 9 ? * FRI#2", 'has "FRI#2" for the day of the week'],
  ["0 17 9 ? * */2", 'has "*/2" for the day of the week'],
  ["0 17 9 ? * 1/2", 'has "1/2" for the day of the week'],
  [
    "0 17 9 ? * FRI-MON",
    'has "FRI-MON" for the day of the week, which runs backwards: write "FRI-SUN,MON"',
  ],
  ["0 17 9 ? * SUN-TUE", 'which runs backwards: write "SUN,MON-TUE"'],
  ["0 17 9 ? * 6-2", 'which runs backwards: write "6-7,1-2"'],
  [
    "0 17 9 1 * MON",
    'has "1" for the day of the month and "MON" for the day of the week, which some take for days that are both',
  ],
  ["0 17 9 1-31 * MON", 'write "?" for one of them'],
  ["0 17 9 */2 * 1-7", 'write "?" for one of them'],
  ["CRON_TZ=CST 0 17 * * * *", 'has "CST" for the time zone: write UTC, or a name of the tz'],
  ["CRON_TZ= 0 17 * * * *", 'has "" for the time zone: write UTC'],
  ["CRON_TZ=Mars/Olympus 0 17 * * * *", 'has "Mars/Olympus" for the time zone: write UTC'],
  ["CRON_TZ=asia/shanghai 0 17 * * * *", 'has "asia/shanghai" for the time zone: write Asia/Sh'],
  ["CRON_TZ=Asia/Shanghai @every 5m", "has 2 fields"],
  ["@every", "@every takes one whole number and its unit"],
  ["@every 5", "@every takes one whole number"],
  ["@every 25h", "from 1s to 24h"],
  ["@every 1h30m", 'write "@every 5m" or "@every 1h"'],
  ["@every 1.5m", "@every takes one whole number"],
  ["@every 0m", "@every takes one whole number"],
  ["@every 05m", "@every takes one whole number"],
  ["@every  5m", "@every takes one whole number"],
  ["@every 1441m", "@every takes one whole number"],
  ["@every 5m ", "@every takes one whole number"],
];

test.each(REFUSED)("%j is refused: %s", (text, message) => {
  expect(() => parseSchedule(text, "--schedule")).toThrow(`--schedule: `);
  expect(() => parseSchedule(text, "--schedule")).toThrow(message);
  // One message, and the same words in the deployment.
  expect(problemOfSchedule(text)).toContain(message);
});

test.each([
  ["0 17 * * * *", "Asia/Shanghai"],
  ["CRON_TZ=Asia/Shanghai 0 17 * * * *", "Asia/Shanghai"],
])("%j with --timezone %s", (text, timezone) => {
  expect(parseSchedule(text, "--schedule", timezone)).toMatchObject({ timeZone: timezone });
});

test.each([
  ["CRON_TZ=Asia/Tokyo 0 17 * * * *", "Asia/Shanghai", "--timezone: is not the zone of CRON_TZ="],
  ["@every 5m", "Asia/Shanghai", "--timezone: means nothing to @every"],
  ["0 17 * * * *", "Mars/Olympus", '--timezone: has "Mars/Olympus" for the time zone'],
  ["0 17 * * * *", "CST", '--timezone: has "CST" for the time zone: write UTC'],
])("%j with --timezone %s is refused: %s", (text, timezone, message) => {
  expect(() => parseSchedule(text, "--schedule", timezone)).toThrow(message);
});

describe("time zones", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const problemOf = (zone: string) => problemOfSchedule(`CRON_TZ=${zone} 0 17 * * * *`);

  test.each(
    "UTC Etc/UTC Etc/GMT+8 Asia/Shanghai Asia/Calcutta Asia/Kolkata Asia/Katmandu Asia/Saigon US/Eastern America/Argentina/Buenos_Aires America/Buenos_Aires Europe/Kiev Europe/Kyiv Africa/Porto-Novo Antarctica/DumontDUrville".split(
      " ",
    ),
  )("%s is valid", (zone) => {
    expect(problemOf(zone)).toBeNull();
  });

  // Each of them is a zone to JavaScript's Intl.
  test.each([
    "CST",
    "EST",
    "EST5EDT",
    "PRC",
    "Japan",
    "GMT",
    "CET",
    "ROC",
    "Zulu",
    "UCT",
    "+08:00",
  ])("%s is refused", (zone) => {
    expect(problemOf(zone)).toContain(`has "${zone}" for the time zone: write UTC`);
  });

  test.each([
    ["utc", "UTC"],
    ["Utc", "UTC"],
    ["Asia/shanghai", "Asia/Shanghai"],
    ["ASIA/CALCUTTA", "Asia/Calcutta"],
    ["us/eastern", "US/Eastern"],
    ["etc/gmt+8", "Etc/GMT+8"],
  ])("%s is refused for its case", (zone, meant) => {
    expect(problemOf(zone)).toBe(`has "${zone}" for the time zone: write ${meant}`);
  });

  test.each(["GMT+8", "Asia/Beijing", "Asia/Shanghai/", "/", "Asia", "Asia/", "posix/Asia/Tokyo"])(
    "%s is invalid",
    (zone) => {
      expect(problemOf(zone)).toContain("for the time zone: write");
    },
  );

  test("a zone that an old Node.js does not know is refused with that reason", () => {
    vi.spyOn(Intl, "DateTimeFormat").mockImplementation(function unknown() {
      throw new RangeError("Invalid time zone specified");
    });
    expect(problemOf("America/Coyhaique")).toContain("this version of Node.js does not know");
    expect(problemOf("UTC")).toBeNull();
  });

  test("every zone that Node.js lists is valid", () => {
    const listed = Intl.supportedValuesOf("timeZone").filter((zone) => zone.includes("/"));
    expect(listed.length).toBeGreaterThan(400);
    expect(listed.filter((zone) => problemOf(zone) !== null)).toEqual([]);
  });

  // Its own copy of the tz database, which most systems have; Node.js brings another.
  const TZDATA = "/usr/share/zoneinfo/tzdata.zi";
  test.runIf(canRead(TZDATA))("every zone and link of the system's tz database is valid", () => {
    const names = readFileSync(TZDATA, "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .flatMap(([kind, first = "", second = ""]) =>
        kind === "Z" ? [first] : kind === "L" ? [second] : [],
      );
    expect(names.length).toBeGreaterThan(500);
    for (const name of names) {
      const isOne = name === "UTC" || name.includes("/");
      expect([name, problemOf(name) === null]).toEqual([name, isOne]);
    }
  });
});

function canRead(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}
