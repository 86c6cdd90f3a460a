import type * as v from "valibot";

import { isKnownToComponent } from "./component-schema.ts";

/** Where in the file an issue lies. */
export function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) =>
    typeof key === "number" ? `[${key}]` : `.${String(key)}`,
  );
  return keys.join("").slice(1) || "s.yaml";
}

/** Never quotes what it found: a value may be a secret in a wrong place. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.received === "undefined") return "is missing";
  return `must be ${issue.expected ?? "something else"}`;
}

/** Only a whole issue knows where its key lies. */
export function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected !== "never") return issue.message;
  return isRead(issue)
    ? "is not supported here, though Serverless Devs reads it: take it out"
    : "is not a known key: Serverless Devs would ignore it";
}

/** What Serverless Devs itself reads beside a function's `props`, by the depth at which it does. */
const READ_BY_SERVERLESS_DEVS = [
  ["actions", "components", "env", "extend", "flow", "plugins", "template", "vars"],
  [],
  ["access", "actions", "extend", "flow"],
];

/**
 * Whether an unknown key is read all the same, so that it may be meant.
 *
 * @see https://docs.serverless-devs.com/user-guide/spec/
 */
function isRead({ path }: v.BaseIssue<unknown>): boolean {
  const keys = (path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  if (keys[0] === "actions") return /^(pre|success|fail|complete|post)-/.test(String(keys.at(-1)));
  const propsAt = keys.indexOf("props");
  // The schema of the component lacks it.
  if (keys.at(propsAt + 1) === "customDomain") return true;
  return propsAt === -1
    ? READ_BY_SERVERLESS_DEVS[keys.length - 1]?.includes(String(keys.at(-1))) === true
    : isKnownToComponent(keys.slice(propsAt + 1));
}
