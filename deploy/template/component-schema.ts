import schema from "../fc3/schema.json" with { type: "json" };

/** The keywords of a JSON schema that are used here. */
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
 * The regions that the deployment component's schema lists. The component does not check the region:
 * with another one it creates a log project there before it fails.
 *
 * @see https://github.com/devsapp/fc3
 */
export const COMPONENT_REGIONS: readonly string[] = schema.definitions.IRegion.enum;

/**
 * Whether the component's schema knows a key, so that the component reads it.
 *
 * @param path - the keys from a function's `props` down to this one; an index for an entry of a list
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
