import * as v from "valibot";

import { resolveConfig } from "../shared/config/config.ts";
import {
  readEnvironmentLayer,
  SCHEDULE_VARIABLE,
  scheduleOf,
} from "../shared/config/environment.ts";
import { followSchedule, problemsOfValidFor } from "../shared/config/follow-schedule.ts";
import { type ConfigFile, readFileLayer } from "../shared/config/layer.ts";
import { ConfigError } from "../shared/audit/run-error.ts";
import { placeholdersIn } from "../shared/config/placeholders.ts";
import { withoutAlerts } from "../shared/config/without-alerts.ts";
import type { Environment } from "../shared/program/environment.ts";
import { readRunRequest } from "../shared/entry/run-request.ts";
import { longestGapMs } from "../shared/schedule/longest-gap.ts";
import { problemOfSchedule, warningOfSchedule } from "./schedule.ts";
import { describeIssue, messageOf, pathOf } from "./describe-issue.ts";
import type { TemplateFile } from "./template-files.ts";
import { type FunctionProps, functionsOf, Template } from "./template-schema.ts";
import { resolveTemplate, UNFILLED } from "./template.ts";

/** The two functions of this project, by the key of their resource. */
export const CHECK_FUNCTION = "flowlog-guard-check";
export const AUDIT_FUNCTION = "flowlog-guard-audit";

/** What Function Compute takes of variables in all. */
const MAX_ENVIRONMENT_BYTES = 4_096;
const PREFIX = "FLOWLOG_GUARD_";
/** Variables of what an audit on demand has no part in. */
const FOR_ALERTS = /^FLOWLOG_GUARD_(WEBHOOK|HEARTBEAT|STATE|SCHEDULE)/;

/** Under this many seconds a slow region may cost the rest of the run. */
const AMPLE_TIMEOUT_S = 90;

/** An `s.yaml` that can be deployed as it is, or what is wrong with it. */
export interface CheckedTemplate {
  /** Null when there is a problem. */
  readonly template: Template | null;
  readonly problems: readonly string[];
  /** What works, but is hardly what somebody wants. */
  readonly warnings: readonly string[];
}

/**
 * Checks an `s.yaml` as it would be deployed with this environment and this configuration file.
 *
 * @param files - the file to deploy, and the one that it extends
 */
export function checkTemplate(
  files: readonly TemplateFile[],
  env: Environment,
  file: ConfigFile | null,
): CheckedTemplate {
  const resolved = resolveTemplate(files, env);
  const parsed = v.safeParse(Template, resolved.values, { message: describeIssue });
  if (resolved.problems.length > 0 || !parsed.success) {
    // What could not be filled in is told once, and not again where it is used.
    const issues = (parsed.issues ?? []).filter(({ input }) => !isUnfilled(input));
    const problems = [...resolved.problems, ...problemsOf(issues)];
    return { template: null, problems, warnings: [] };
  }
  const template = parsed.output;
  const problems = [
    ...problemsOfResources(template),
    ...problemsOfUpload(template, env),
    ...functionsOf(template).flatMap(([path, props]) => [
      ...problemsOfSchedules(path, props),
      ...problemsOfEnvironment(path, props, file),
      ...problemsOfRenewal(path, props, file),
    ]),
  ];
  if (problems.length > 0) return { template: null, problems, warnings: [] };
  return {
    template,
    problems,
    warnings: [...warningsOf(template, file), ...warningsOfComponent(env)],
  };
}

/** A problem for each message, since both functions often have the same one. */
function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string[] {
  const paths = new Map<string, string[]>();
  for (const issue of issues) {
    const message = messageOf(issue);
    paths.set(message, [...(paths.get(message) ?? []), pathOf(issue)]);
  }
  return [...paths].map(([message, at]) => `${at.join(" and ")}: ${message}`);
}

/** Each function has its own bundle and name, and is started in its own way and in no other. */
const FUNCTIONS = {
  [CHECK_FUNCTION]: { code: "./dist/check", suffix: "-check", triggerType: "timer" },
  [AUDIT_FUNCTION]: { code: "./dist/audit", suffix: "-audit", triggerType: "http" },
} as const;

function problemsOfResources({ resources }: Template): string[] {
  const surplus = Object.keys(resources)
    .filter((key) => !Object.hasOwn(FUNCTIONS, key))
    .map((key) => `resources.${key}: is none of this project's functions`);
  const missing =
    resources[CHECK_FUNCTION] === undefined ? [`resources.${CHECK_FUNCTION}: is missing`] : [];
  const problems = Object.entries(FUNCTIONS).flatMap(([key, wanted]) => {
    const props = resources[key]?.props;
    if (props === undefined) return [];
    const path = `resources.${key}.props`;
    const types = props.triggers.map(({ triggerType }) => triggerType);
    return [
      props.code !== wanted.code && `${path}.code: must be "${wanted.code}", its own bundle`,
      !props.functionName.endsWith(wanted.suffix) &&
        `${path}.functionName: must end in "${wanted.suffix}"`,
      !types.includes(wanted.triggerType) &&
        `${path}.triggers: has no trigger of type "${wanted.triggerType}"`,
      types.some((type) => type !== wanted.triggerType) &&
        `${path}.triggers: has one that is not of type "${wanted.triggerType}"`,
      new Set(props.triggers.map(({ triggerName }) => triggerName)).size < types.length &&
        `${path}.triggers: two have the same name`,
    ].filter((problem) => problem !== false);
  });
  return [...surplus, ...missing, ...problems, ...problemsOfPair(resources)];
}

/** `audit --remote` finds the one function by the name of the deployment. */
function problemsOfPair({
  [CHECK_FUNCTION]: check,
  [AUDIT_FUNCTION]: audit,
}: Template["resources"]): string[] {
  if (check === undefined || audit === undefined) return [];
  const nameOf = ({ functionName }: FunctionProps): string => functionName.replace(/-\w+$/, "");
  return nameOf(check.props) === nameOf(audit.props)
    ? []
    : [
        `resources.${AUDIT_FUNCTION}.props.functionName: must begin as that of ${CHECK_FUNCTION}, with the name of the deployment`,
      ];
}

/** @see https://github.com/devsapp/fc3/issues/59 */
function problemsOfUpload(template: Template, env: Environment): string[] {
  return functionsOf(template).some(([, { region }]) => region === env["FC_REGION"])
    ? [
        "FC_REGION: is the region that is deployed to, so the deployment component would upload the code over plain http, to an address that only Alibaba Cloud reaches: unset it (the region is set by DEPLOY_REGION)",
      ]
    : [];
}

/** The component reads other variables of this prefix too, such as the address that it calls. */
function warningsOfComponent(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("FC_"))
    .map((name) => `${name} is set, which the deployment component may read: unset it`);
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

/** A function reads its variables, and the packed file with its `${NAME}`, as it will when it runs. */
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
  const needless = Object.keys(env).filter((name) => packed !== file && FOR_ALERTS.test(name));
  const bytes = Buffer.byteLength(Object.entries(env).flat().join(""));
  const problems = [
    ...problemsIn(() => (resolveConfig(readFileLayer(packed, env), readEnvironmentLayer(env)), [])),
    ...unknown.map((name) => `${name}: is read by nothing that is deployed`),
    ...needless.map((name) => `${name}: is not for a function that never alerts`),
    ...(bytes > MAX_ENVIRONMENT_BYTES ? [`are more than ${MAX_ENVIRONMENT_BYTES} bytes`] : []),
  ];
  return problems.map((problem) => `${path}.environmentVariables: ${problem}`);
}

/**
 * A function is told its schedule in a variable, and alerts at an Alertmanager must last from one
 * run to the next. What is wrong with the schedule itself, or the configuration, is told elsewhere.
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
  const told = scheduleOf(env);
  if (told !== undefined && !schedules.includes(told)) {
    return [
      `${path}.environmentVariables: ${SCHEDULE_VARIABLE}: must be the cronExpression of a timer of this function, since alerts at an Alertmanager last as long as it says`,
    ];
  }
  return problemsOfValidFor(
    told === undefined ? config : followSchedule(config, told),
    Math.min(...schedules.map(longestGapMs)),
  );
}

/** What a part of the configuration complains of, whether it returns or throws its problems. */
function problemsIn(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function warningsOf(template: Template, file: ConfigFile | null): string[] {
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
  const env = template.resources[CHECK_FUNCTION]?.props.environmentVariables ?? {};
  const { alerts, state } = resolveConfig(readFileLayer(file, env), readEnvironmentLayer(env));
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
  return warnings;
}

function isUnfilled(input: unknown): boolean {
  return typeof input === "string" && input.includes(UNFILLED);
}
