import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

import * as v from "valibot";

import { resolveConfig } from "../shared/config/config.ts";
import { readEnvironmentLayer } from "../shared/config/environment.ts";
import { type ConfigFile, readFileLayer } from "../shared/config/layer.ts";
import { ConfigError } from "../shared/audit/run-error.ts";
import type { Environment } from "../shared/environment.ts";
import { problemOfSchedule, warningOfSchedule } from "./schedule.ts";
import { type FunctionProps, Template } from "./template-schema.ts";
import { resolveTemplate, UNFILLED } from "./template.ts";

/** The two functions of this project, by the key of their resource. */
export const CHECK_FUNCTION = "flowlog-guard-check";
export const AUDIT_FUNCTION = "flowlog-guard-audit";

/** The bundle, and the side files that it loads when it needs them. */
const PART_OF_BUNDLE = /^(lazy[\\/])?[\w-]+\.js$/;

/** An `s.yaml` that can be deployed as it is, or what is wrong with it. */
export interface CheckedTemplate {
  /** Null when there is a problem. */
  readonly template: Template | null;
  readonly problems: readonly string[];
  /** What works, but is hardly what somebody wants. */
  readonly warnings: readonly string[];
}

/** Checks an `s.yaml` as it would be deployed with this environment and this configuration file. */
export function checkTemplate(
  text: string,
  env: Environment,
  file: ConfigFile | null,
): CheckedTemplate {
  const resolved = resolveTemplate(text, env);
  const parsed = v.safeParse(Template, resolved.values, { message: describeIssue });
  if (resolved.problems.length > 0 || !parsed.success) {
    // What could not be filled in is told once, and not again where it is used.
    const issues = (parsed.issues ?? []).filter(({ input }) => !isUnfilled(input));
    const problems = [
      ...resolved.problems,
      ...issues.map((issue) => `${pathOf(issue)}: ${issue.message}`),
    ];
    return { template: null, problems, warnings: [] };
  }
  const template = parsed.output;
  const problems = [
    ...problemsOfResources(template),
    ...functionsOf(template).flatMap(([path, props]) => [
      ...problemsOfSchedules(path, props),
      ...problemsOfEnvironment(path, props, file),
    ]),
  ];
  if (problems.length > 0) return { template: null, problems, warnings: [] };
  return { template, problems, warnings: warningsOf(template, file) };
}

/** Says which handlers a build does not have, and what would be uploaded beside the bundles. */
export function problemsOfBundles(template: Template, distDir: string): string[] {
  return functionsOf(template).flatMap(([path, { code, handler }]) => {
    const dir = join(distDir, code.replace("./dist/", ""));
    if (!existsSync(dir)) return [`${path}.code: ${code} is not there after the build`];
    const [module = "", name = ""] = handler.split(".");
    const problems = hasFunction(join(dir, `${module}.js`), name)
      ? []
      : [`${path}.handler: ${handler} is not in ${code}`];
    for (const file of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (
        file.isDirectory() ||
        PART_OF_BUNDLE.test(relative(dir, join(file.parentPath, file.name)))
      )
        continue;
      problems.push(`${path}.code: ${code} holds ${file.name}, which would be uploaded too`);
    }
    return problems;
  });
}

function hasFunction(path: string, name: string): boolean {
  try {
    const exports: unknown = createRequire(import.meta.url)(path);
    return typeof Object.entries(Object(exports)).find(([key]) => key === name)?.[1] === "function";
  } catch {
    return false;
  }
}

/** Each function's path in the file, and what the file says of it. */
function functionsOf({ resources }: Template): [path: string, props: FunctionProps][] {
  return Object.entries(resources).map(([key, { props }]) => [`resources.${key}.props`, props]);
}

function problemsOfResources({ resources }: Template): string[] {
  const wanted = { [CHECK_FUNCTION]: "timer", [AUDIT_FUNCTION]: "http" };
  return Object.entries(wanted).flatMap(([key, type]) => {
    const props = resources[key]?.props;
    if (props === undefined) return [`resources.${key}: is missing`];
    if (props.triggers.some(({ triggerType }) => triggerType === type)) return [];
    return [`resources.${key}.props.triggers: has no trigger of type "${type}"`];
  });
}

function problemsOfSchedules(path: string, { triggers }: FunctionProps): string[] {
  return triggers.flatMap((trigger, index) => {
    if (trigger.triggerType !== "timer") return [];
    const problem = problemOfSchedule(trigger.triggerConfig.cronExpression);
    const at = `${path}.triggers[${index}].triggerConfig.cronExpression`;
    return problem === null ? [] : [`${at}: ${problem}`];
  });
}

/** A function reads its variables, and the packed file with its `${NAME}`, as it will when it runs. */
function problemsOfEnvironment(
  path: string,
  { environmentVariables: env }: FunctionProps,
  file: ConfigFile | null,
): string[] {
  try {
    resolveConfig(readFileLayer(file, env), readEnvironmentLayer(env));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => `${path}.environmentVariables: ${problem}`);
  }
}

function warningsOf(template: Template, file: ConfigFile | null): string[] {
  const warnings = functionsOf(template).flatMap(([path, { triggers }]) =>
    triggers.flatMap((trigger) => {
      if (trigger.triggerType !== "timer") return [];
      const warning = warningOfSchedule(trigger.triggerConfig.cronExpression);
      return warning === null ? [] : [`${path}: ${trigger.triggerName} ${warning}`];
    }),
  );
  const env = template.resources[CHECK_FUNCTION]?.props.environmentVariables ?? {};
  const { alerts } = resolveConfig(readFileLayer(file, env), readEnvironmentLayer(env));
  if (alerts.receivers.length > 0) return warnings;
  return [
    ...warnings,
    "no receiver is configured, so nobody will be alerted: set FLOWLOG_GUARD_WEBHOOK_URL",
  ];
}

function isUnfilled(input: unknown): boolean {
  return typeof input === "string" && input.includes(UNFILLED);
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) =>
    typeof key === "number" ? `[${key}]` : `.${String(key)}`,
  );
  return keys.join("").slice(1) || "s.yaml";
}

/** Never quotes what it found: a value may be a secret in a wrong place. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return "is not a known key: the component would ignore it";
  if (issue.received === "undefined") return "is missing";
  return `must be ${issue.expected ?? "something else"}`;
}
