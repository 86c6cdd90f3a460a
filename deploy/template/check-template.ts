import * as v from "valibot";

import type { ConfigFile } from "../../shared/config/layer.ts";
import type { Environment } from "../../shared/program/environment.ts";
import { problemsOfFunction } from "./check-function.ts";
import { problemsOfFanOut } from "./check-size.ts";
import { describeIssue, messageOf, pathOf } from "./describe-issue.ts";
import { AUDIT_FUNCTION, CHECK_FUNCTION, FUNCTIONS } from "./project-functions.ts";
import { resolveTemplate, UNFILLED } from "./resolve-template.ts";
import type { TemplateFile } from "./template-files.ts";
import { type FunctionProps, functionsOf, Template } from "./template-schema.ts";
import { warningsOf } from "./template-warnings.ts";

/** A valid `s.yaml`, or the problems that prevent its deployment. */
export interface CheckedTemplate {
  /** Null when there is a problem. */
  readonly template: Template | null;
  readonly problems: readonly string[];
  /** What works, but is probably not intended. */
  readonly warnings: readonly string[];
}

/**
 * Checks an `s.yaml` with the environment and the configuration file that it would be deployed with.
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
    // An expression that could not be filled in is reported once, and not for each key that uses it.
    const issues = (parsed.issues ?? []).filter(({ input }) => !isUnfilled(input));
    const problems = [...resolved.problems, ...problemsOf(issues)];
    return { template: null, problems, warnings: [] };
  }
  const template = parsed.output;
  const problems = [
    ...problemsOfResources(template),
    ...problemsOfUpload(template, env),
    ...functionsOf(template).flatMap(([path, props]) => problemsOfFunction(path, props, file)),
  ];
  // The configuration is valid only now.
  if (problems.length === 0) problems.push(...problemsOfFanOut(template, file));
  if (problems.length > 0) return { template: null, problems, warnings: [] };
  return {
    template,
    problems,
    warnings: [...warningsOf(template, file), ...warningsOfComponent(env)],
  };
}

/** Groups issues by message, because both functions often have the same one. */
function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string[] {
  const paths = new Map<string, string[]>();
  for (const issue of issues) {
    const message = messageOf(issue);
    paths.set(message, [...(paths.get(message) ?? []), pathOf(issue)]);
  }
  return [...paths].map(([message, at]) => `${at.join(" and ")}: ${message}`);
}

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

/** `audit --remote` derives the name of the audit function from the name of the deployment. */
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

/** The component reads further variables with this prefix, such as the address of the API. */
function warningsOfComponent(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("FC_"))
    .map((name) => `${name} is set, which the deployment component may read: unset it`);
}

function isUnfilled(input: unknown): boolean {
  return typeof input === "string" && input.includes(UNFILLED);
}
