import { ConfigError } from "../../shared/audit/run-error.ts";
import { withoutAlerts } from "../../shared/config/config-file.ts";
import { resolveConfig } from "../../shared/config/config.ts";
import {
  ALERT_VARIABLES,
  readEnvironmentLayer,
  SCHEDULE_VARIABLE,
  scheduleOf,
} from "../../shared/config/environment.ts";
import { problemsOfEvidence } from "../../shared/config/evidence-problems.ts";
import { followSchedule, problemsOfValidFor } from "../../shared/config/follow-schedule.ts";
import { type ConfigFile, readFileLayer } from "../../shared/config/layer.ts";
import { placeholdersIn } from "../../shared/config/placeholders.ts";
import { readRunRequest } from "../../shared/entry/run-request.ts";
import { longestGapMs } from "../../shared/schedule/longest-gap.ts";
import { problemOfSchedule } from "./check-schedule.ts";
import { AUDIT_FUNCTION, CHECK_FUNCTION, FUNCTIONS } from "./project-functions.ts";
import type { FunctionProps } from "./template-schema.ts";

/** Function Compute's limit for all variables of a function together. */
const MAX_ENVIRONMENT_BYTES = 4_096;
const PREFIX = "FLOWLOG_GUARD_";

/**
 * Says what would go wrong when one function runs: its schedules and their payloads, its variables
 * and configuration, and how long its alerts last.
 *
 * @param path - of the function's `props` in the file
 * @param file - the configuration that is packed into the build
 */
export function problemsOfFunction(
  path: string,
  props: FunctionProps,
  file: ConfigFile | null,
): string[] {
  return [
    ...problemsOfSchedules(path, props),
    ...problemsOfEnvironment(path, props, file),
    ...problemsOfRenewal(path, props, file),
  ];
}

function problemsOfSchedules(path: string, { triggers }: FunctionProps): string[] {
  return triggers.flatMap((trigger, index) => {
    if (trigger.triggerType !== "timer") return [];
    const { cronExpression, payload = "" } = trigger.triggerConfig;
    const at = `${path}.triggers[${index}].triggerConfig`;
    const problem = problemOfSchedule(cronExpression);
    return [
      ...(problem === null ? [] : [`${at}.cronExpression: ${problem}`]),
      ...problemsIn(() => readRunRequest(payload, `${at}.payload`).problems),
    ];
  });
}

/** Resolves the configuration from the variables and the packed file, as the function does at run time. */
function problemsOfEnvironment(
  path: string,
  { code, environmentVariables: env }: FunctionProps,
  file: ConfigFile | null,
): string[] {
  const packed = code === FUNCTIONS[AUDIT_FUNCTION].code ? withoutAlerts(file) : file;
  const known = placeholdersIn(packed?.values);
  const unknown = Object.keys(env).filter(
    (name) => !name.startsWith(PREFIX) && !known.includes(name),
  );
  const needless = Object.keys(env).filter(
    (name) => packed !== file && ALERT_VARIABLES.includes(name),
  );
  const bytes = Buffer.byteLength(Object.entries(env).flat().join(""));
  const problems = [
    ...problemsIn(() =>
      problemsOfEvidence(
        resolveConfig(readFileLayer(packed, env), readEnvironmentLayer(env)),
        "function",
      ),
    ),
    ...unknown.map((name) => `${name}: is read by nothing that is deployed`),
    ...needless.map((name) => `${name}: is not for a function that never alerts`),
    ...(bytes > MAX_ENVIRONMENT_BYTES ? [`are more than ${MAX_ENVIRONMENT_BYTES} bytes`] : []),
  ];
  return problems.map((problem) => `${path}.environmentVariables: ${problem}`);
}

/**
 * Alerts at an Alertmanager must last from one run to the next, and the function knows its schedule
 * only by a variable. Faults of the schedule itself and of the configuration are reported by the
 * other checks.
 */
function problemsOfRenewal(
  path: string,
  { code, triggers, environmentVariables: env }: FunctionProps,
  file: ConfigFile | null,
): string[] {
  const schedules = triggers
    .flatMap((trigger) =>
      trigger.triggerType === "timer" ? [trigger.triggerConfig.cronExpression] : [],
    )
    .filter((schedule) => problemOfSchedule(schedule) === null);
  if (code !== FUNCTIONS[CHECK_FUNCTION].code || schedules.length === 0) return [];
  const layers = [readFileLayer(file, env), readEnvironmentLayer(env)];
  if (problemsIn(() => (resolveConfig(...layers), [])).length > 0) return [];
  const config = resolveConfig(...layers);
  if (!config.alerts.receivers.some(({ type }) => type === "alertmanager")) return [];
  const declared = scheduleOf(env);
  if (declared !== undefined && !schedules.includes(declared)) {
    return [
      `${path}.environmentVariables: ${SCHEDULE_VARIABLE}: must be the cronExpression of a timer of this function, since alerts at an Alertmanager last as long as it says`,
    ];
  }
  return problemsOfValidFor(
    declared === undefined ? config : followSchedule(config, declared),
    Math.min(...schedules.map(longestGapMs)),
  );
}

/** The problems that a reader of the configuration returns, or throws as a `ConfigError`. */
function problemsIn(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
