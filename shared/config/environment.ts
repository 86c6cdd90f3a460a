import { type ConfigLayer, formatPath, readLayer } from "./layer.ts";
import type { Environment } from "../program/environment.ts";
import { readProxy } from "../http/proxy-settings.ts";
import { CronFieldError } from "../schedule/cron-fields.ts";
import { longestGapMs } from "../schedule/longest-gap.ts";
import { withoutUndefined } from "./without-undefined.ts";

const PREFIX = "FLOWLOG_GUARD_";

/** Names the file that configures a run on the command line, or a build. */
export const CONFIG_FILE_VARIABLE = `${PREFIX}CONFIG`;

/**
 * What a variable says that is there and yet sets nothing. `s.yaml` can give a function a variable,
 * but cannot leave one out; an empty one stays an error, for that is what a lost secret looks like.
 */
export const UNSET = "unset";

/** Says when runs are due, to a function, which cannot know that of itself. */
export const SCHEDULE_VARIABLE = `${PREFIX}SCHEDULE`;

/** The schedule that the environment tells; undefined where it tells none. */
export function scheduleOf(env: Environment): string | undefined {
  const schedule = env[SCHEDULE_VARIABLE];
  return schedule === UNSET ? undefined : schedule;
}

/** The configuration file that the environment names; undefined where it names none. */
export function configFileOf(env: Environment): string | undefined {
  const path = env[CONFIG_FILE_VARIABLE];
  return path === UNSET ? undefined : path;
}

/** Each variable, and the path of the value that it sets. */
const PATHS: Readonly<Record<string, string>> = {
  FLOWLOG_GUARD_REGIONS: "regions",
  FLOWLOG_GUARD_CONCURRENCY: "concurrency",
  FLOWLOG_GUARD_TIMEOUT: "timeout",
  FLOWLOG_GUARD_ATTEMPT_TIMEOUT: "attemptTimeout",
  FLOWLOG_GUARD_DEADLINE: "deadline",
  FLOWLOG_GUARD_WEBHOOK_URL: "alerts.receivers[0].url",
  FLOWLOG_GUARD_WEBHOOK_SECRET: "alerts.receivers[0].secret",
  FLOWLOG_GUARD_VPC_ENDPOINT: "endpoints.vpc",
  FLOWLOG_GUARD_STS_ENDPOINT: "endpoints.sts",
  FLOWLOG_GUARD_FC_ENDPOINT: "endpoints.fc",
  FLOWLOG_GUARD_OSS_ENDPOINT: "endpoints.oss",
  FLOWLOG_GUARD_STATE: "state",
  FLOWLOG_GUARD_HEARTBEAT_URL: "heartbeat",
};

/**
 * Checks what the environment says. A variable with our prefix that is not known is a problem: a
 * misspelt one would otherwise go unnoticed, and so would the regions or the alert it stood for. One
 * that says {@link UNSET} is as good as not there.
 *
 * @param others - names with our prefix that the caller reads itself
 */
export function readEnvironmentLayer(
  given: Environment,
  others: readonly string[] = [],
): ConfigLayer {
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== UNSET));
  const known = [...Object.keys(PATHS), SCHEDULE_VARIABLE, ...others];
  const unknown = Object.keys(given)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) =>
      name === CONFIG_FILE_VARIABLE
        ? `${name}: is read when the function is built, not when it runs: take it out`
        : `${name}: is not a known variable: those known are ${known.join(", ")}`,
    );

  const url = env["FLOWLOG_GUARD_WEBHOOK_URL"];
  const secret = env["FLOWLOG_GUARD_WEBHOOK_SECRET"];
  const lonely =
    secret !== undefined && url === undefined
      ? [
          "FLOWLOG_GUARD_WEBHOOK_SECRET: signs what goes to FLOWLOG_GUARD_WEBHOOK_URL, which is not set",
        ]
      : [];

  const layer = readLayer(
    withoutUndefined({
      regions: env["FLOWLOG_GUARD_REGIONS"],
      concurrency: env["FLOWLOG_GUARD_CONCURRENCY"],
      timeout: env["FLOWLOG_GUARD_TIMEOUT"],
      attemptTimeout: env["FLOWLOG_GUARD_ATTEMPT_TIMEOUT"],
      deadline: env["FLOWLOG_GUARD_DEADLINE"],
      alerts: url === undefined ? undefined : { receivers: [withoutUndefined({ url, secret })] },
      endpoints: withoutUndefined({
        vpc: env["FLOWLOG_GUARD_VPC_ENDPOINT"],
        sts: env["FLOWLOG_GUARD_STS_ENDPOINT"],
        fc: env["FLOWLOG_GUARD_FC_ENDPOINT"],
        oss: env["FLOWLOG_GUARD_OSS_ENDPOINT"],
      }),
      state: env["FLOWLOG_GUARD_STATE"],
      heartbeat: env["FLOWLOG_GUARD_HEARTBEAT_URL"],
    }),
    (path) => variableFor(formatPath(path)),
  );
  const { proxy, problems } = readProxy(given);
  return {
    values: layer.values,
    proxy,
    problems: [...unknown, ...lonely, ...problemsOfSchedule(env), ...layer.problems, ...problems],
  };
}

function problemsOfSchedule(env: Environment): string[] {
  const schedule = scheduleOf(env);
  try {
    if (schedule === undefined || longestGapMs(schedule) > 0) return [];
  } catch (error) {
    if (!(error instanceof CronFieldError)) throw error;
  }
  return [
    `${SCHEDULE_VARIABLE}: is no schedule: write that of the timer that starts the runs in six fields, seconds first, or as "@every 1h"`,
  ];
}

function variableFor(path: string): string {
  const match = Object.entries(PATHS).find(([, known]) => path.startsWith(known));
  return match?.[0] ?? path;
}
