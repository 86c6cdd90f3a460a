import { readProxy } from "../http/proxy-settings.ts";
import type { Environment } from "../program/environment.ts";
import { CronFieldError } from "../schedule/cron-fields.ts";
import { longestGapMs } from "../schedule/longest-gap.ts";
import { suggestion } from "./fields.ts";
import type { ConfigLayer } from "./layer.ts";
import { readNamedValues } from "./named-values.ts";
import { type Keys, listOptions, type Variable } from "./option.ts";
import { OPTIONS } from "./options.ts";

const PREFIX = "FLOWLOG_GUARD_";

/** The variable that names the configuration file of a run on the command line, or of a build. */
export const CONFIG_FILE_VARIABLE = `${PREFIX}CONFIG`;

/**
 * The text of a variable that counts as not set. `s.yaml` can give a function a variable, but cannot
 * leave one out; an empty variable is an error, since a lost secret looks like that.
 */
export const UNSET = "unset";

/** The schedule of a function's timer, which the function cannot find out itself. */
export const SCHEDULE_VARIABLE = `${PREFIX}SCHEDULE`;

/** The schedule in the environment; undefined where there is none. */
export function scheduleOf(env: Environment): string | undefined {
  const schedule = env[SCHEDULE_VARIABLE];
  return schedule === UNSET ? undefined : schedule;
}

/** The configuration file named in the environment; undefined where none is. */
export function configFileOf(env: Environment): string | undefined {
  const path = env[CONFIG_FILE_VARIABLE];
  return path === UNSET ? undefined : path;
}

/** A variable, with the path of the value that it sets. */
interface ListedVariable extends Variable {
  readonly path: Keys;
  readonly isForAlerts: boolean;
}

const VARIABLES: readonly ListedVariable[] = listOptions(OPTIONS).flatMap(
  ({ path, variables = [], isForAlerts = false }) =>
    variables.map((variable) => ({
      ...variable,
      path: [...path, ...(variable.part ?? [])],
      isForAlerts,
    })),
);

/** The variables that only a run that alerts needs. */
export const ALERT_VARIABLES: readonly string[] = [
  ...VARIABLES.filter(({ isForAlerts }) => isForAlerts).map(({ name }) => name),
  SCHEDULE_VARIABLE,
];

/**
 * Checks the variables of the environment. An unknown variable with our prefix is a problem: if a
 * misspelt one were ignored, so would be the regions or the receiver in it. A variable that is
 * {@link UNSET} counts as not set.
 *
 * @param others - names with our prefix that the caller reads itself
 */
export function readEnvironmentLayer(
  given: Environment,
  others: readonly string[] = [],
): ConfigLayer {
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== UNSET));
  const present = VARIABLES.filter(({ name }) => env[name] !== undefined);
  const unusable = present.filter(({ needs }) => needs && env[needs.name] === undefined);
  const usable = present.filter((variable) => !unusable.includes(variable));
  const layer = readNamedValues(usable.map(({ name, path }) => ({ name, path, value: env[name] })));
  const { proxy, problems } = readProxy(given);
  return {
    values: layer.values,
    proxy,
    problems: [
      ...problemsOfNames(given, others),
      ...unusable.map(
        ({ name, needs }) => `${name}: ${needs?.because} ${needs?.name}, which is not set`,
      ),
      ...problemsOfSchedule(env),
      ...layer.problems,
      ...problems,
    ],
  };
}

function problemsOfNames(given: Environment, others: readonly string[]): string[] {
  const known = [...VARIABLES.map(({ name }) => name), SCHEDULE_VARIABLE, ...others];
  return Object.keys(given)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) =>
      name === CONFIG_FILE_VARIABLE
        ? `${name}: is read when the function is built, not when it runs: take it out`
        : `${name}: is not a known variable: ${suggestion(name, known) ?? `those known are ${known.join(", ")}`}`,
    );
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
