import { readFileSync } from "node:fs";

interface Attribute {
  /** A primitive type, or the name of an object. */
  readonly type: string;
  readonly requirement: "required" | "recommended" | "optional";
  readonly is_array: boolean;
  readonly enum: Readonly<Record<string, { readonly caption: string }>> | null;
  readonly profile: string | null;
  /** Of the number of an enumeration: the attribute with its caption. */
  readonly sibling: string | null;
  readonly "@deprecated": object | null;
}

interface Definition {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints: {
    readonly at_least_one?: readonly string[];
    readonly just_one?: readonly string[];
  } | null;
}

interface Type {
  /** The type that it is a kind of; null for one that is basic. */
  readonly type: string | null;
  readonly regex: string | null;
  readonly max_len: number | null;
}

interface Schema {
  readonly version: string;
  readonly classes: Readonly<Record<string, Definition>>;
  readonly objects: Readonly<Record<string, Definition>>;
  readonly types: Readonly<Record<string, Type>>;
}

const SCHEMA = JSON.parse(
  readFileSync(
    new URL("../../../fixtures/ocsf/ocsf-1.6.0-compliance-finding.json", import.meta.url),
    "utf8",
  ),
) as Schema;

/** A number of an enumeration that is none of the others. Its caption may be any text. */
const OTHER = "99";
/** The year 2000 in milliseconds: a time in seconds would be before it. */
const EARLIEST_MS = 946_684_800_000;

/**
 * What is wrong with an event of the class Compliance Finding, by the compiled schema: unknown and missing
 * attributes, types, enumerations and their captions, constraints, profiles and deprecations. Empty for none.
 */
export function eventProblems(event: unknown): string[] {
  if (!isObject(event)) return ["the event is no object"];
  const metadata = isObject(event["metadata"]) ? event["metadata"] : {};
  const names = Array.isArray(metadata["profiles"]) ? metadata["profiles"].map(String) : [];
  const profiles = new Set(names);
  const definition = SCHEMA.classes["compliance_finding"];
  if (definition === undefined) throw new Error("the schema has no class");
  return [
    ...objectProblems(event, definition, profiles, ""),
    ...(metadata["version"] === SCHEMA.version ? [] : ["metadata.version is of another schema"]),
    ...(event["type_uid"] === Number(event["class_uid"]) * 100 + Number(event["activity_id"])
      ? []
      : ["type_uid is not class_uid × 100 + activity_id"]),
  ];
}

function objectProblems(
  value: Readonly<Record<string, unknown>>,
  { attributes, constraints }: Definition,
  profiles: ReadonlySet<string>,
  path: string,
): string[] {
  const isInUse = ({ profile }: Attribute): boolean => profile === null || profiles.has(profile);
  const missing = Object.entries(attributes)
    .filter(([, attribute]) => attribute.requirement === "required" && isInUse(attribute))
    .filter(([name]) => value[name] === undefined || value[name] === null)
    .map(([name]) => `${path}${name} is missing`);
  const own = Object.entries(value).flatMap(([name, held]) => {
    const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    const at = `${path}${name}`;
    if (attribute === undefined) return [`${at} is unknown`];
    if (!isInUse(attribute)) return [`${at} belongs to the profile ${attribute.profile}`];
    if (attribute["@deprecated"] !== null) return [`${at} is deprecated`];
    return [
      ...attributeProblems(held, attribute, profiles, at),
      ...captionProblems(held, attribute, value, at),
    ];
  });
  const { at_least_one: some, just_one: one } = constraints ?? {};
  const count = (names: readonly string[]): number =>
    names.filter((name) => value[name] !== undefined).length;
  return [
    ...missing,
    ...own,
    ...(some !== undefined && count(some) === 0 ? [`${path} needs one of ${some.join()}`] : []),
    ...(one !== undefined && count(one) !== 1 ? [`${path} needs just one of ${one.join()}`] : []),
  ];
}

function attributeProblems(
  value: unknown,
  attribute: Attribute,
  profiles: ReadonlySet<string>,
  at: string,
): string[] {
  if (!attribute.is_array) return valueProblems(value, attribute, profiles, at);
  if (!Array.isArray(value)) return [`${at} is no array`];
  return value.flatMap((each, index) =>
    valueProblems(each, attribute, profiles, `${at}[${index}]`),
  );
}

function valueProblems(
  value: unknown,
  { type, enum: members }: Attribute,
  profiles: ReadonlySet<string>,
  at: string,
): string[] {
  // An object that may have any attributes: what a product has no other place for.
  if (type === "object") return isObject(value) ? [] : [`${at} is no object`];
  const definition = Object.hasOwn(SCHEMA.objects, type) ? SCHEMA.objects[type] : undefined;
  if (definition !== undefined) {
    return isObject(value)
      ? objectProblems(value, definition, profiles, `${at}.`)
      : [`${at} is no object`];
  }
  if (members !== null && !Object.hasOwn(members, String(value))) {
    return [`${at} is none of ${Object.keys(members).join()}`];
  }
  return typeProblems(value, type, at);
}

function typeProblems(value: unknown, name: string, at: string): string[] {
  const type = SCHEMA.types[name];
  if (type === undefined) return [`${at} has the unknown type ${name}`];
  const { regex, max_len: maxLength } = type;
  const basic = type.type ?? name;
  if (basic === "json_t") return [];
  if (!isOfType(value, basic)) return [`${at} is no ${basic}`];
  if (name === "timestamp_t" && Number(value) < EARLIEST_MS)
    return [`${at} is not in milliseconds`];
  if (typeof value !== "string") return [];
  return [
    ...(regex !== null && !new RegExp(regex, "u").test(value) ? [`${at} is no ${name}`] : []),
    ...(maxLength !== null && value.length > maxLength ? [`${at} is too long`] : []),
  ];
}

function isOfType(value: unknown, basic: string): boolean {
  switch (basic) {
    case "boolean_t":
      return typeof value === "boolean";
    case "integer_t":
    case "long_t":
      return Number.isSafeInteger(value);
    case "float_t":
      return typeof value === "number";
    default:
      return typeof value === "string";
  }
}

function captionProblems(
  value: unknown,
  { enum: members, sibling }: Attribute,
  around: Readonly<Record<string, unknown>>,
  at: string,
): string[] {
  const caption = sibling === null ? undefined : around[sibling];
  if (members === null || caption === undefined) return [];
  const expected = members[String(value)]?.caption;
  return String(value) === OTHER || caption === expected
    ? []
    : [`${at} is ${String(value)}, which is not ${JSON.stringify(caption)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
