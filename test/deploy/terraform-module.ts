import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { parse } from "@cdktn/hcl2json";

import schema from "./fixtures/alicloud-provider.json" with { type: "json" };

/** The folder of the module. */
export const MODULE = fileURLToPath(new URL("../../deploy/terraform", import.meta.url));

/** Blocks by kind, then by their labels, as hcl2json writes them. */
type Blocks = Readonly<Record<string, unknown>>;

/** An argument of a resource; `type` is a list for a list of texts, say. */
interface Argument {
  readonly type: string | readonly string[];
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly deprecated?: boolean;
  readonly maxItems?: number;
  readonly arguments?: Arguments;
}
type Arguments = Readonly<Record<string, Argument>>;

const RESOURCES: Readonly<Record<string, Arguments>> = schema.resource;
const DATA: Readonly<Record<string, Arguments>> = schema.data;
/** Arguments that Terraform itself gives every resource. */
const META = new Set(["count", "for_each", "depends_on", "lifecycle", "provider"]);

/** The text of each `.tf` file of a folder, not of the folders in it. */
export function readFolder(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".tf"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** All blocks of some files: `resource`, `variable`, `locals` and so on. */
export async function parseFiles(files: Readonly<Record<string, string>>): Promise<Blocks> {
  const contents = await Promise.all(
    Object.entries(files).map(async ([name, text]) => parseOnce(name, text)),
  );
  return Object(contents.reduce<unknown>(merge, {}));
}

/** What was parsed, by its text: tests change one file of many. */
const parsed = new Map<string, Record<string, unknown>>();

async function parseOnce(name: string, text: string): Promise<Record<string, unknown>> {
  const content = parsed.get(text) ?? (await parse(name, text));
  parsed.set(text, content);
  return content;
}

/** The one block with these labels. */
export function blockOf(blocks: Blocks, ...path: readonly string[]): Record<string, unknown> {
  const found = path.reduce<unknown>((value, key) => Object(value)[key], blocks);
  return Object(Array.isArray(found) ? found[0] : found);
}

/** What the provider would refuse in resources and data sources, and references to what is not there. */
export function problemsOfModule(blocks: Blocks): string[] {
  return [
    ...resourcesOf(blocks, "resource").flatMap(([type, name, given]) =>
      problemsOfResource(`${type}.${name}`, given, RESOURCES[type]),
    ),
    ...resourcesOf(blocks, "data").flatMap(([type, name, given]) =>
      problemsOfResource(`data.${type}.${name}`, given, DATA[type]),
    ),
    ...problemsOfReferences(blocks),
  ];
}

function resourcesOf(blocks: Blocks, kind: string): [string, string, Record<string, unknown>][] {
  return Object.entries(Object(blocks[kind])).flatMap(([type, named]) =>
    Object.keys(Object(named)).map((name): [string, string, Record<string, unknown>] => [
      type,
      name,
      blockOf(blocks, kind, type, name),
    ]),
  );
}

function problemsOfResource(
  path: string,
  given: Record<string, unknown>,
  known: Arguments | undefined,
): string[] {
  if (known === undefined) return [`${path}: is of no known type`];
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !META.has(name)));
  return problemsOfArguments(path, own, known);
}

function problemsOfArguments(
  path: string,
  given: Record<string, unknown>,
  known: Arguments,
): string[] {
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required === true && given[name] === undefined)
    .map(([name]) => `${path}.${name}: is missing`);
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const argument = Object.hasOwn(known, name) ? known[name] : undefined;
    if (argument === undefined) return [`${path}.${name}: is no argument`];
    if (argument.readOnly === true) return [`${path}.${name}: is set by the provider`];
    if (argument.deprecated === true) return [`${path}.${name}: is deprecated`];
    return problemsOfValue(`${path}.${name}`, value, argument);
  });
  return [...missing, ...wrong];
}

function problemsOfValue(path: string, value: unknown, argument: Argument): string[] {
  if (argument.arguments !== undefined) {
    const { arguments: inner, maxItems = Infinity } = argument;
    if (!Array.isArray(value)) return [`${path}: is no block`];
    return [
      ...(value.length > maxItems ? [`${path}: is there more than ${maxItems} times`] : []),
      ...value.flatMap((entry: unknown) => problemsOfArguments(path, Object(entry), inner)),
    ];
  }
  // What an expression comes to is not known here.
  if (typeof value === "string" && value.includes("${")) return [];
  const isRight =
    typeof argument.type !== "string"
      ? Array.isArray(value)
      : argument.type === "map"
        ? typeof value === "object" && !Array.isArray(value)
        : typeof value === (argument.type === "bool" ? "boolean" : argument.type);
  return isRight ? [] : [`${path}: is not of the type ${String(argument.type)}`];
}

/** Variables, locals, resources and attributes that expressions name, but that do not exist. */
function problemsOfReferences(blocks: Blocks): string[] {
  const texts = textsIn(blocks);
  const locals = Object.assign({}, ...[blocks["locals"] ?? []].flat());
  const named = (pattern: RegExp) => texts.flatMap((text) => [...text.matchAll(pattern)]);
  return [
    ...named(/\bvar\.(\w+)/g).map(([, name = ""]) => [
      `var.${name}`,
      isIn(blocks["variable"], name),
    ]),
    ...named(/\blocal\.(\w+)/g).map(([, name = ""]) => [`local.${name}`, isIn(locals, name)]),
    ...named(/\bmodule\.(\w+)/g).map(([, name = ""]) => [
      `module.${name}`,
      isIn(blocks["module"], name),
    ]),
    ...named(/(?<![\w.])(data\.)?(alicloud_\w+)\.(\w+)((?:\[[^\]]*\])?\.(\w+))?/g).map(
      ([whole, data, type = "", name = "", , attribute]) => {
        const kind = data === undefined ? "resource" : "data";
        const known = (data === undefined ? RESOURCES : DATA)[type];
        const exists = isIn(Object(blocks[kind])[type], name);
        const hasAttribute =
          attribute === undefined || attribute === "id" || isIn(known, attribute);
        return [whole, exists && hasAttribute];
      },
    ),
  ]
    .filter(([, exists]) => exists === false)
    .map(([name]) => `${String(name)}: is not there`);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.includes("${") ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function isIn(values: unknown, name: string): boolean {
  return Object.hasOwn(Object(values), name);
}

/** Blocks of the same kind in several files. */
function merge(one: unknown, other: unknown): unknown {
  if (one === undefined) return other;
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  const merged: Record<string, unknown> = { ...Object(one) };
  for (const [key, value] of Object.entries(Object(other))) merged[key] = merge(merged[key], value);
  return merged;
}
