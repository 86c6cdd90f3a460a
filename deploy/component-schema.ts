import schema from "./fc3/schema.json" with { type: "json" };

/** A part of a JSON schema, as far as it is read here. */
interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly (string | number)[];
  readonly $ref?: string;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

const DEFINITIONS: Readonly<Record<string, SchemaNode>> = schema.definitions;

/**
 * The regions that the deployment component has in its schema. It refuses no other one, and gets as
 * far as creating a log project there.
 *
 * @see https://github.com/devsapp/fc3
 */
export const COMPONENT_REGIONS: readonly string[] = schema.definitions.IRegion.enum;

/**
 * Whether the component reads a key, so that a template which has it means something.
 *
 * @param path - the key and what it lies in, from a function's `props`; an index for an entry of a list
 */
export function isKnownToComponent(path: readonly (string | number)[]): boolean {
  let nodes = alternativesOf(schema);
  for (const step of path) {
    nodes = nodes.flatMap((node) => alternativesOf(childOf(node, step)));
  }
  return nodes.length > 0;
}

function childOf(node: SchemaNode, step: string | number): SchemaNode | undefined {
  if (typeof step === "number") return [node.items ?? []].flat()[0];
  return node.properties !== undefined && Object.hasOwn(node.properties, step)
    ? node.properties[step]
    : undefined;
}

function alternativesOf(node: SchemaNode | undefined): readonly SchemaNode[] {
  if (node === undefined) return [];
  const named =
    node.$ref === undefined ? node : DEFINITIONS[node.$ref.replace("#/definitions/", "")];
  return named?.anyOf?.flatMap(alternativesOf) ?? (named === undefined ? [] : [named]);
}
