import { describe, expect, test } from "vitest";

import { type Config, resolveConfig } from "../../../shared/config/config.ts";
import { readEnvironmentLayer } from "../../../shared/config/environment.ts";
import { followSchedule, problemsOfValidFor } from "../../../shared/config/follow-schedule.ts";
import { readFileLayer } from "../../../shared/config/layer.ts";

const HOUR_MS = 3_600_000;

function configOf(validFor?: string): Config {
  const receivers = [
    { url: "https://hooks.slack.com/services/T0/B0/s3cret" },
    { type: "alertmanager", url: "https://am.example.com", ...(validFor && { validFor }) },
  ];
  return resolveConfig(readFileLayer({ name: "f.yaml", values: { alerts: { receivers } } }, {}));
}

const validForOf = ({ alerts }: Config) => alerts.receivers.map(({ validForMs }) => validForMs);

describe("the validity of an alert at an Alertmanager", () => {
  test.each([
    ["@every 5m", 15 * 60_000],
    ["CRON_TZ=Asia/Shanghai 0 17 * * * *", 3 * HOUR_MS],
    ["0 17 9 * * *", 72 * HOUR_MS],
    ["0 17 9 ? * MON", 21 * 24 * HOUR_MS],
  ])("is three times the longest gap of %s", (schedule, validForMs) => {
    expect(validForOf(followSchedule(configOf(), schedule))).toEqual([undefined, validForMs]);
  });

  test("is that of the configuration where it has one", () => {
    expect(validForOf(followSchedule(configOf("2d"), "0 17 9 * * *"))).toEqual([
      undefined,
      48 * HOUR_MS,
    ]);
  });

  test.each([
    ["1h", HOUR_MS, "2h"],
    ["119m", HOUR_MS, "2h"],
    ["24h", 24 * HOUR_MS, "1510m"],
    ["1m", 60_000, "2m"],
    [undefined, 24 * HOUR_MS, "1510m"],
  ])("is refused: %s for runs %i ms apart", (validFor, gapMs, least) => {
    expect(problemsOfValidFor(configOf(validFor), gapMs)).toEqual([
      expect.stringMatching(
        `^alerts\\.receivers\\[1\\]\\.validFor: is .*alerts would end between two runs.* at least ${least}$`,
      ),
    ]);
  });

  test.each([
    ["2h", HOUR_MS],
    ["26h", 24 * HOUR_MS],
    [undefined, HOUR_MS],
  ])("is accepted: %s for runs %i ms apart", (validFor, gapMs) => {
    expect(problemsOfValidFor(configOf(validFor), gapMs)).toEqual([]);
  });
});

describe("FLOWLOG_GUARD_SCHEDULE", () => {
  test.each(["@every 5m", "0 17 * * * *", "CRON_TZ=Asia/Shanghai 0 17 * * * *", "unset"])(
    "may be %s",
    (schedule) => {
      expect(readEnvironmentLayer({ FLOWLOG_GUARD_SCHEDULE: schedule }).problems).toEqual([]);
    },
  );

  test.each(["", "hourly", "@every", "@every 0m", "17 * * * *", "0 61 * * * *"])(
    "may not be %j",
    (schedule) => {
      expect(readEnvironmentLayer({ FLOWLOG_GUARD_SCHEDULE: schedule }).problems).toEqual([
        expect.stringContaining("FLOWLOG_GUARD_SCHEDULE: is no schedule"),
      ]);
    },
  );
});
