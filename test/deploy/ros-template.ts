import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

import type { RosResource } from "./ros-resources.ts";

/** The path of the template. */
export const TEMPLATE_PATH = fileURLToPath(
  new URL("../../deploy/ros/flowlog-guard.yml", import.meta.url),
);

/** A template of Resource Orchestration Service. */
export interface RosTemplate {
  readonly Parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Mappings: Readonly<Record<string, unknown>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Rules: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, RosResource & { readonly Condition?: string }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

/** The parameters of a stack. */
export type RosParameters = Readonly<Record<string, unknown>>;

/** The account and the region of the stack in tests. */
export const STACK = { account: "1234567890123456", region: "cn-hangzhou" };

const PSEUDO = new Map([
  ["ALIYUN::TenantId", STACK.account],
  ["ALIYUN::Region", STACK.region],
]);

/** The template as it is written. */
export function readTemplate(): RosTemplate {
  return parse(readFileSync(TEMPLATE_PATH, "utf8"));
}

/**
 * Evaluates the template for some parameters: the resources that there would be, with their properties. Knows the
 * functions that the template uses.
 *
 * @see https://www.alibabacloud.com/help/en/ros/user-guide/functions
 * @throws `Error` for a name that the template does not have, a function that is not known here, or a rule that fails
 */
export function render(template: RosTemplate, given: RosParameters): Record<string, RosResource> {
  const defaults = Object.entries(template.Parameters).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, Default]],
  );
  const parameters: RosParameters = { ...Object.fromEntries(defaults), ...given };

  function valueOf(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(valueOf);
    if (typeof value !== "object" || value === null) return value;
    const [first, ...others] = Object.entries(value);
    if (first !== undefined && others.length === 0 && /^(Ref$|Fn::)/.test(first[0])) {
      return call(...first);
    }
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, valueOf(entry)]));
  }

  function call(name: string, argument: unknown): unknown {
    const list = Array.isArray(argument) ? argument : [argument];
    switch (name) {
      case "Ref":
        return parameterOf(String(argument));
      case "Fn::Sub":
        return String(argument).replaceAll(/\$\{([^}]+)\}/g, (_, key: string) =>
          String(parameterOf(key)),
        );
      case "Fn::If":
        return valueOf(isTrue(list[0]) ? list[1] : list[2]);
      case "Fn::FindInMap": {
        const [map, first, second] = list.map(valueOf).map(String);
        const found = Object(Object(template.Mappings[String(map)])[String(first)])[String(second)];
        if (found === undefined) throw new Error(`Fn::FindInMap: ${map}.${first}.${second}`);
        return found;
      }
      case "Fn::GetAtt":
        return attributeOf(String(list[0]), String(list[1]));
      default:
        throw new Error(`${name}: is not known`);
    }
  }

  function parameterOf(name: string): unknown {
    const value = PSEUDO.get(name) ?? parameters[name];
    if (value === undefined) throw new Error(`${name}: is no parameter`);
    return value;
  }

  /** The name of a resource is known before there is one; other attributes stand for themselves. */
  function attributeOf(name: string, attribute: string): unknown {
    const resource = template.Resources[name];
    if (resource === undefined) throw new Error(`${name}: is no resource`);
    if (resource.Condition !== undefined && !isTrue(resource.Condition)) {
      throw new Error(`${name}.${attribute}: there is no such resource`);
    }
    return `${name}_${attribute}`;
  }

  function isTrue(condition: unknown): boolean {
    if (typeof condition === "string") {
      if (!Object.hasOwn(template.Conditions, condition)) {
        throw new Error(`${condition}: is no condition`);
      }
      return isTrue(template.Conditions[condition]);
    }
    const [[name, argument] = []] = Object.entries(Object(condition));
    if (name === "Fn::Not") return !isTrue(argument);
    if (name === "Fn::And") return Object(argument).every(isTrue);
    if (name === "Fn::Equals") {
      const [one, other] = Object(argument).map(valueOf);
      return one === other;
    }
    throw new Error(`${String(name)}: is no condition`);
  }

  for (const { RuleCondition, Assertions } of Object.values(Object(template.Rules)).map(Object)) {
    if (!isTrue(RuleCondition)) continue;
    const failed = Assertions.find(({ Assert }: { Assert: unknown }) => !isTrue(Assert));
    if (failed !== undefined) throw new Error(failed.AssertDescription);
  }
  return Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || isTrue(Condition))
      .map(([name, { Type, Properties }]) => [
        name,
        { Type, Properties: Object(valueOf(Properties)) },
      ]),
  );
}
