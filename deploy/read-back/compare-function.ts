import { isDeepStrictEqual } from "node:util";

import * as v from "valibot";

import { UNSET } from "../../shared/config/environment.ts";
import { isName } from "../../shared/text/is-name.ts";
import type { FunctionProps, Trigger } from "../template/template-schema.ts";

const Loose = v.record(v.string(), v.unknown());

/** One function in the output of `s info`. Not all of it is compared. */
export const DeployedFunction = v.looseObject({
  functionName: v.string(),
  triggers: v.optional(
    v.array(v.looseObject({ triggerName: v.string(), triggerConfig: v.optional(Loose, {}) })),
    [],
  ),
  environmentVariables: v.optional(Loose, {}),
  logConfig: v.optional(Loose, {}),
  vpcConfig: v.optional(Loose, {}),
  asyncInvokeConfig: v.optional(Loose, {}),
  layers: v.optional(v.array(v.unknown()), []),
});
export type DeployedFunction = v.InferOutput<typeof DeployedFunction>;

const COMPARED = [
  "region",
  "description",
  "functionName",
  "runtime",
  "handler",
  "timeout",
  "memorySize",
  "cpu",
  "diskSize",
  "instanceConcurrency",
] as const;

/** The name of a property, its value in `s.yaml`, and its deployed value. Lists are unordered. */
type Comparison = readonly [name: string, wanted: unknown, found: unknown];

/**
 * Compares a deployed function with its `props` in `s.yaml`. Its code is not compared.
 *
 * @returns the differences; values of environment variables are not included
 */
export function differencesOfFunction(props: FunctionProps, deployed: DeployedFunction): string[] {
  const comparisons = [
    ...COMPARED.map((name): Comparison => [name, props[name], deployed[name]]),
    ...comparisonsOfRole(props, deployed),
    ["internetAccess", props.internetAccess ?? true, deployed["internetAccess"]] as const,
    ...comparisonsOfNetwork(props, deployed),
    ...comparisonsOfLog(props, deployed),
    ...comparisonsOfAsyncInvoke(props, deployed),
  ];
  return [
    ...comparisons.flatMap(difference),
    ...(deployed.layers.length > 0 ? ["has layers, and should have none"] : []),
    ...differencesOfTriggers(props, deployed),
    ...differencesOfVariables(props, deployed),
  ];
}

function difference([name, wanted, found]: Comparison): string[] {
  return isDeepStrictEqual(sorted(found), sorted(wanted))
    ? []
    : [`${name} is ${show(found)}, and should be ${show(wanted)}`];
}

function sorted(value: unknown): unknown {
  if (value === "") return undefined;
  return Array.isArray(value) ? value.map(String).toSorted() : value;
}

/** The cloud returns role names in lower case. The function must be in the account of its role. */
function comparisonsOfRole({ role }: FunctionProps, deployed: DeployedFunction): Comparison[] {
  const found = deployed["role"];
  const account = (arn: unknown, index: number): unknown =>
    typeof arn === "string" ? arn.split(":")[index] : arn;
  return [
    ["role", role.toLowerCase(), typeof found === "string" ? found.toLowerCase() : found],
    ["account", account(role, 3), account(deployed["functionArn"], 3)],
  ];
}

function comparisonsOfNetwork({ vpcConfig }: FunctionProps, deployed: DeployedFunction) {
  return (["vpcId", "vSwitchIds", "securityGroupId"] as const).map((name): Comparison => {
    const found = deployed.vpcConfig[name];
    const isUnset = Array.isArray(found) && found.length === 0;
    return [`vpcConfig.${name}`, vpcConfig?.[name], isUnset ? undefined : found];
  });
}

/** With `logConfig: auto` the component chooses the project, so only its presence is checked. */
function comparisonsOfLog({ logConfig }: FunctionProps, deployed: DeployedFunction): Comparison[] {
  const found = deployed.logConfig;
  if (logConfig !== "auto") {
    return Object.entries(logConfig).map(([name, wanted]) => [
      `logConfig.${name}`,
      wanted,
      found[name],
    ]);
  }
  const hasLog = ["project", "logstore"].every(
    (name) => typeof found[name] === "string" && found[name] !== "",
  );
  return hasLog ? [] : [["logConfig", "auto", undefined]];
}

function comparisonsOfAsyncInvoke(props: FunctionProps, deployed: DeployedFunction): Comparison[] {
  const { destinationConfig, ...numbers } = props.asyncInvokeConfig;
  const found = deployed.asyncInvokeConfig;
  const destination = (config: unknown, event: string): unknown =>
    v.is(v.looseObject({ [event]: v.looseObject({ destination: v.string() }) }), config)
      ? Object(config[event]).destination
      : undefined;
  return [
    ...Object.entries(numbers).map(([name, wanted]): Comparison => [name, wanted, found[name]]),
    ...["onFailure", "onSuccess"].map((event): Comparison => [
      `destinationConfig.${event}`,
      destination(destinationConfig, event),
      destination(found["destinationConfig"], event),
    ]),
  ];
}

function differencesOfTriggers({ triggers }: FunctionProps, deployed: DeployedFunction): string[] {
  return triggers.flatMap((trigger) => {
    const { triggerName } = trigger;
    const found = deployed.triggers.find((candidate) => candidate.triggerName === triggerName);
    if (found === undefined) return [`the trigger ${triggerName} is not there`];
    return [
      ["triggerType", trigger.triggerType, found["triggerType"]] as const,
      ...comparisonsOfTrigger(trigger, found.triggerConfig),
    ].flatMap(([name, ...values]) => difference([`${triggerName}.${name}`, ...values]));
  });
}

function comparisonsOfTrigger(
  trigger: Trigger,
  found: Readonly<Record<string, unknown>>,
): Comparison[] {
  const wanted =
    trigger.triggerType === "http"
      ? { disableURLInternet: false, ...trigger.triggerConfig }
      : trigger.triggerConfig;
  return Object.entries(wanted).map(([name, value]) => [name, value, found[name]]);
}

/** Differences name the variables only, because a value may be a secret. */
function differencesOfVariables(
  { environmentVariables: wanted }: FunctionProps,
  { environmentVariables: actual }: DeployedFunction,
): string[] {
  const surplus = Object.keys(actual)
    .filter((name) => !Object.hasOwn(wanted, name))
    .map((name) => `the variable ${isName(name) ? name : "(not shown)"} is not in s.yaml`);
  const differences = Object.entries(wanted).flatMap(([name, value]) => {
    // The function treats this value as if the variable were missing.
    if (!(name in actual)) return value === UNSET ? [] : [`the variable ${name} is not there`];
    return actual[name] === value ? [] : [`the variable ${name} has another value`];
  });
  return [...differences, ...surplus];
}

function show(value: unknown): string {
  if (value === undefined || value === "") return "not set";
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}
