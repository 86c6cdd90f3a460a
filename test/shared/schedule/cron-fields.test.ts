import { describe, expect, test } from "vitest";

import { CronFieldError, parseCronFields } from "../../../shared/schedule/cron-fields.ts";

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Everything but the second, which is one number. */
const ALL = {
  second: 0,
  minutes: range(0, 59),
  hours: range(0, 23),
  daysOfMonth: range(1, 31),
  months: range(1, 12),
  daysOfWeek: range(1, 7),
};

// https://help.aliyun.com/document_detail/171746.html
test.each<[string, Partial<typeof ALL>]>([
  ["0 * * * * *", {}],
  ["0 * * ? * ?", {}],
  ["59 * * * * ?", { second: 59 }],
  ["00 * * * * ?", {}],
  ["0 5-5 * * * *", { minutes: [5] }],
  ["0 58-59 22-23 * * *", { minutes: [58, 59], hours: [22, 23] }],
  ["0 0/59 * * * *", { minutes: [0, 59] }],
  ["0 1/59 * * * *", { minutes: [1] }],
  ["0 */30 * * * *", { minutes: [0, 30] }],
  ["0 0/23 0/23 * * *", { minutes: [0, 23, 46], hours: [0, 23] }],
  ["0 10,9,8 * * * *", { minutes: [8, 9, 10] }],
  ["0 0 0 */10 * *", { minutes: [0], hours: [0], daysOfMonth: [1, 11, 21, 31] }],
  ["0 * * 1/31 * ?", { daysOfMonth: [1] }],
  ["0 * * * */6 *", { months: [1, 7] }],
  ["0 * * * JAN,12,MAR-APR *", { months: [1, 3, 4, 12] }],
  ["0 * * ? * MON,7", { daysOfWeek: [1, 7] }],
])("%s", (text, fields) => {
  expect(parseCronFields(text.split(" "))).toEqual({ ...ALL, ...fields });
});

test.each([
  ["0 005 * * * *", 'has "005" for the minutes'],
  ["0 0/005 * * * *", 'has "0/005" for the minutes'],
  ["0 0/60 * * * *", 'has "0/60" for the minutes'],
  ["0 * 0/24 * * *", 'has "0/24" for the hours'],
  ["0 * * 1/32 * *", 'has "1/32" for the day of the month'],
  ["0 * * * 1/13 *", 'has "1/13" for the month'],
  ["0 60/5 * * * *", 'has "60/5" for the minutes'],
  ["0 0-60 * * * *", 'has "0-60" for the minutes'],
  ["0 * * * *", 'has "" for the day of the week'],
  ["0 * * * 12-1 *", 'which runs backwards: write "12,1"'],
  ["0 * * * NOV-1 *", 'which runs backwards: write "NOV-DEC,1"'],
  ["0 * * * 11-JAN *", 'which runs backwards: write "11-12,JAN"'],
])("%s: %s", (text, message) => {
  const parse = () => parseCronFields(text.split(" "));
  expect(parse).toThrow(CronFieldError);
  expect(parse).toThrow(message);
});

describe("the days of a month", () => {
  const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

  test.each(DAYS.map((days, index) => [index + 1, days]))("of month %i are %i", (month, days) => {
    const fieldsOn = (day: number) => parseCronFields(`0 0 0 ${day} ${month} ?`.split(" "));
    expect(fieldsOn(days)).toMatchObject({ daysOfMonth: [days], months: [month] });
    expect(() => fieldsOn(days + 1)).toThrow(`has "${days + 1}" for the day of the month`);
  });

  test("are those of any of the months", () => {
    expect(parseCronFields("0 0 0 31 2,3 ?".split(" "))).toMatchObject({ months: [2, 3] });
    expect(() => parseCronFields("0 0 0 31 2,4 ?".split(" "))).toThrow("does not have");
  });
});
