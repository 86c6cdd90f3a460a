import { resolveConfig } from "../../shared/config/config.ts";
import { readEnvironmentLayer } from "../../shared/config/environment.ts";
import { warningsOfEvidence } from "../../shared/config/evidence-problems.ts";
import { type ConfigFile, readFileLayer } from "../../shared/config/layer.ts";
import { warningOfSchedule } from "./check-schedule.ts";
import { warningsOfSize } from "./check-size.ts";
import { CHECK_FUNCTION } from "./project-functions.ts";
import { functionsOf, type Template } from "./template-schema.ts";

/** With fewer seconds, one slow region can leave no time for the rest of the run. */
const AMPLE_TIMEOUT_S = 90;

/** Says what works in a valid template, but is probably not intended. */
export function warningsOf(template: Template, file: ConfigFile | null): string[] {
  const warnings = functionsOf(template).flatMap(([path, { timeout, triggers }]) => [
    ...(timeout < AMPLE_TIMEOUT_S
      ? [
          `${path}.timeout: is under ${AMPLE_TIMEOUT_S} seconds, which an audit of all regions with retries, and its alert, may need`,
        ]
      : []),
    ...triggers.flatMap((trigger) => {
      if (trigger.triggerType !== "timer") return [];
      const warning = warningOfSchedule(trigger.triggerConfig.cronExpression);
      return warning === null ? [] : [`${path}: ${trigger.triggerName} ${warning}`];
    }),
  ]);
  warnings.push(...warningsOfSize(template, file));
  const env = template.resources[CHECK_FUNCTION]?.props.environmentVariables ?? {};
  const config = resolveConfig(readFileLayer(file, env), readEnvironmentLayer(env));
  const { alerts, state } = config;
  if (alerts.receivers.length === 0) {
    warnings.push(
      "no receiver is configured, so nobody will be alerted: set FLOWLOG_GUARD_WEBHOOK_URL",
    );
  }
  if (state.kind === "file") {
    warnings.push(
      "the state is a file, which is lost whenever Function Compute takes a new instance: use oss://bucket/prefix/",
    );
  }
  warnings.push(...warningsOfEvidence(config));
  return warnings;
}
