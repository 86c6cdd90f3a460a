import * as v from "valibot";

import { isHarmless } from "../shared/harmless.ts";
import type { FunctionProps, Template, Trigger } from "./template-schema.ts";

const Failure = v.object({ code: v.optional(v.string(), "an unknown error") });

/** What `s info` says of one trigger: more than is compared, and only what the cloud knows. */
const DeployedTrigger = v.union([
  v.object({ error: Failure }),
  v.object({ triggerName: v.string(), triggerConfig: v.record(v.string(), v.unknown()) }),
]);

const DeployedFunction = v.object({
  function: v.record(v.string(), v.unknown()),
  triggers: v.optional(v.array(DeployedTrigger), []),
  // Some versions of the component do not tell.
  asyncInvokeConfig: v.optional(v.record(v.string(), v.unknown())),
});

const COMPARED = [
  "functionName",
  "runtime",
  "handler",
  "timeout",
  "memorySize",
  "cpu",
  "diskSize",
  "instanceConcurrency",
] as const;

/**
 * Compares what `s info` says is deployed with what `s.yaml` says: `s deploy` exits 0 also when it
 * has deployed nothing.
 *
 * @param output - what `s info -o json` printed
 * @returns each difference, without the value of any variable
 */
export function differencesOf(template: Template, output: string): string[] {
  const deployed = parseOutput(output);
  if (deployed === null) return ["s info: printed nothing that can be read"];
  return Object.entries(template.resources).flatMap(([key, { props }]) => {
    const result = v.safeParse(DeployedFunction, deployed[key]);
    if (!result.success) return [`${key}: is not in what s info printed`];
    const failure = v.safeParse(Failure, result.output.function["error"]);
    if (failure.success) return [`${key}: is not there (${harmless(failure.output.code)})`];
    return differencesOfFunction(props, result.output).map((text) => `${key}: ${text}`);
  });
}

/** Serverless Devs may print lines of its own before the object. */
function parseOutput(output: string): Readonly<Record<string, unknown>> | null {
  const start = /^\{/m.exec(output)?.index;
  if (start === undefined) return null;
  try {
    return v.parse(v.record(v.string(), v.unknown()), JSON.parse(output.slice(start)));
  } catch {
    return null;
  }
}

function differencesOfFunction(
  props: FunctionProps,
  deployed: v.InferOutput<typeof DeployedFunction>,
): string[] {
  const actual = deployed.function;
  const differences: string[] = [];
  const compare = (name: string, wanted: unknown, found: unknown): void => {
    if (found === wanted) return;
    differences.push(`${name} is ${show(found)}, and should be ${show(wanted)}`);
  };
  for (const name of COMPARED) compare(name, props[name], actual[name]);
  // The cloud writes the names of roles in lower case.
  const role = actual["role"];
  compare("role", props.role.toLowerCase(), typeof role === "string" ? role.toLowerCase() : role);

  for (const trigger of props.triggers) {
    const found = deployed.triggers.find(
      (candidate) => "triggerName" in candidate && candidate.triggerName === trigger.triggerName,
    );
    if (found === undefined || !("triggerConfig" in found)) {
      differences.push(`the trigger ${trigger.triggerName} is not there`);
      continue;
    }
    for (const [name, wanted] of comparedIn(trigger)) {
      const value = found.triggerConfig[name];
      const text = Array.isArray(value) ? value.map(String).toSorted().join() : value;
      compare(`${trigger.triggerName}.${name}`, wanted, text);
    }
  }

  for (const found of deployed.triggers) {
    // What was taken out of s.yaml stays in the cloud, and goes on firing.
    const isWanted =
      !("triggerName" in found) ||
      props.triggers.some(({ triggerName }) => triggerName === found.triggerName);
    if (!isWanted) differences.push(`the trigger ${harmless(found.triggerName)} is not in s.yaml`);
  }

  if (deployed.asyncInvokeConfig !== undefined) {
    const name = "maxAsyncRetryAttempts";
    compare(name, props.asyncInvokeConfig[name], deployed.asyncInvokeConfig[name]);
  }
  return [...differences, ...differencesOfVariables(props, actual["environmentVariables"])];
}

/** Lists are compared as text. */
function comparedIn(trigger: Trigger): [name: string, wanted: unknown][] {
  if (trigger.triggerType === "http") {
    const { authType, methods } = trigger.triggerConfig;
    return [
      ["authType", authType],
      ["methods", methods.toSorted().join()],
    ];
  }
  const { cronExpression, enable } = trigger.triggerConfig;
  return [
    ["cronExpression", cronExpression],
    ["enable", enable],
  ];
}

/** Names only: a value may be a secret. */
function differencesOfVariables({ environmentVariables }: FunctionProps, found: unknown): string[] {
  const actual: Readonly<Record<string, unknown>> = { ...Object(found) };
  const surplus = Object.keys(actual)
    .filter((name) => !Object.hasOwn(environmentVariables, name))
    .map((name) => `the variable ${harmless(name)} is not in s.yaml`);
  const differences = Object.entries(environmentVariables).flatMap(([name, value]) => {
    if (!(name in actual)) return [`the variable ${name} is not there`];
    return actual[name] === value ? [] : [`the variable ${name} has another value`];
  });
  return [...differences, ...surplus];
}

function show(value: unknown): string {
  if (value === undefined || value === "") return "not set";
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

function harmless(text: string): string {
  return isHarmless(text) ? text : "(not shown)";
}
