import type * as v from "valibot";

import { isKnownToComponent } from "./component-schema.ts";

/** The path of an issue in the file. */
export function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) =>
    typeof key === "number" ? `[${key}]` : `.${String(key)}`,
  );
  return keys.join("").slice(1) || "s.yaml";
}

/** Describes an issue without the value that caused it, which may be a secret in the wrong place. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.received === "undefined") return "is missing";
  return `must be ${issue.expected ?? "something else"}`;
}

/** The message of an issue. For an unknown key it depends on the path, which a schema's own message lacks. */
export function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected !== "never") return issue.message;
  return isRead(issue)
    ? "is not supported here, though Serverless Devs reads it: take it out"
    : "is not a known key: Serverless Devs would ignore it";
}

/** The keys that Serverless Devs itself reads outside a function's `props`, by their depth. */
const READ_BY_SERVERLESS_DEVS = [
  ["actions", "components", "env", "extend", "flow", "plugins", "template", "vars"],
  [],
  ["access", "actions", "extend", "flow"],
];

/**
 * Whether Serverless Devs or the component reads a key that this project's schema does not know.
 *
 * @see https://docs.serverless-devs.com/user-guide/spec/
 */
function isRead({ path }: v.BaseIssue<unknown>): boolean {
  const keys = (path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  if (keys[0] === "actions") return /^(pre|success|fail|complete|post)-/.test(String(keys.at(-1)));
  const propsAt = keys.indexOf("props");
  // The component reads this key although its schema does not list it.
  if (keys.at(propsAt + 1) === "customDomain") return true;
  return propsAt === -1
    ? READ_BY_SERVERLESS_DEVS[keys.length - 1]?.includes(String(keys.at(-1))) === true
    : isKnownToComponent(keys.slice(propsAt + 1));
}
