import { App, Stack } from "@alicloud/ros-cdk-core";
import * as fc3 from "@alicloud/ros-cdk-fc3";
import * as oss from "@alicloud/ros-cdk-oss";
import * as ram from "@alicloud/ros-cdk-ram";
import * as sls from "@alicloud/ros-cdk-sls";

/** A resource of a template, without functions of the template in it. */
export interface RosResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The classes of the CDK, which Resource Orchestration Service generates from its resource types. */
const CLASSES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ FC3: fc3, OSS: oss, RAM: ram, SLS: sls }).flatMap(([product, exported]) =>
    Object.keys(exported)
      .filter((name) => name.startsWith("Ros"))
      .map((name) => [`ALIYUN::${product}::${name.slice("Ros".length)}`, name]),
  ),
);
const EXPORTED: Readonly<Record<string, unknown>> = { ...fc3, ...oss, ...ram, ...sls };
/** Properties whose keys are the user's. */
const OPEN = new Set(["EnvironmentVariables", "TriggerConfig"]);

/** What Resource Orchestration Service would refuse in a resource: unknown, missing and wrong properties. */
export function problemsOfResource(name: string, { Type, Properties }: RosResource): string[] {
  const Class = EXPORTED[String(CLASSES[Type])];
  if (typeof Class !== "function") return [`${name}: is of no known type`];
  try {
    const stack = new Stack(new App(), "stack");
    const made = Reflect.construct(Class, [stack, name, toProps(Properties), true]);
    const toTemplate = Reflect.get(made, "_toRosTemplate");
    const rendered = Object(stack.resolve(Reflect.apply(toTemplate, made, []))).Resources[name];
    return lostKeys(name, Properties, rendered.Properties);
  } catch (error) {
    return [`${name}: ${String(error)}`];
  }
}

/** Whether a resource type has an attribute for `Fn::GetAtt`. */
export function hasAttribute(type: string, attribute: string): boolean {
  const Class = EXPORTED[String(CLASSES[type])];
  if (typeof Class !== "function") return false;
  const made = Reflect.construct(Class, [new Stack(new App(), "stack"), "Resource", {}, false]);
  return Object.entries(made).some(
    ([key, value]) =>
      key.startsWith("attr") &&
      JSON.stringify(value) !== undefined &&
      nameOf(made, key) === attribute,
  );
}

function nameOf(made: object, key: string): unknown {
  const stack = Reflect.get(made, "stack");
  return stack.resolve(Reflect.get(made, key))["Fn::GetAtt"]?.[1];
}

/** The properties by their names in the CDK. */
function toProps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toProps);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.replace(/^([A-Z]+$|[A-Z]+(?=[A-Z][a-z])|[A-Z])/, (start) => start.toLowerCase()),
      OPEN.has(key) ? entry : toProps(entry),
    ]),
  );
}

/** The CDK drops what it does not know. */
function lostKeys(path: string, given: unknown, rendered: unknown): string[] {
  if (typeof given !== "object" || given === null) return [];
  return Object.entries(given).flatMap(([key, value]) =>
    value !== undefined && Object(rendered)[key] === undefined
      ? [`${path}.${key}: is no property`]
      : lostKeys(`${path}.${key}`, value, Object(rendered)[key]),
  );
}
