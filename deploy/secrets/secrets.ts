import type { ConfigFile } from "../../shared/config/layer.ts";
import { placeholdersIn } from "../../shared/config/placeholders.ts";
import type { Environment } from "../../shared/program/environment.ts";
import type { Template } from "../template/template-schema.ts";

/** What to mask in output. */
export interface Secrets {
  readonly values: readonly string[];
  /** Whether the value of a name is secret. */
  readonly isSecretName: (name: string) => boolean;
}

/** Names of keys and passwords, those of Serverless Devs among them. */
const SECRET_NAME = /access_?key|secret|token|password|external_?id|_serverless_devs_key$/i;
const ADDRESS_NAME = /^FLOWLOG_GUARD_(WEBHOOK|HEARTBEAT)_/;
/** Variables of a function whose values are public. An unknown variable may contain an address. */
const PUBLIC_NAME = /^FLOWLOG_GUARD_(?!WEBHOOK|HEARTBEAT|EXTERNAL_ID)/;
/** The keys of a receiver whose values are public. */
const PUBLIC_KEYS = ["type", "name", "language", "keyword", "mentions", "validFor", "labels"];

/** Whether the value of a function's variable may be shown. */
export function isPublicVariable(name: string): boolean {
  return PUBLIC_NAME.test(name);
}

/**
 * Collects the secrets of a deployment: by the names of variables, and by their use.
 *
 * @param template - null if it is not known yet
 */
export function secretsOf(
  env: Environment,
  configFile: ConfigFile | null,
  template: Template | null,
): Secrets {
  const placeholders = placeholdersIn(configFile?.values);
  const isSecretName = (name: string): boolean =>
    placeholders.includes(name) || ADDRESS_NAME.test(name) || SECRET_NAME.test(name);
  const named = Object.entries(env).flatMap(([name, value]) =>
    isSecretName(name) && value !== undefined ? [value] : [],
  );
  const used = Object.values(template?.resources ?? {}).flatMap(({ props }) =>
    Object.entries(props.environmentVariables).flatMap(([name, value]) =>
      isPublicVariable(name) ? [] : [value],
    ),
  );
  return { values: [...named, ...used, ...secretsIn(configFile)], isSecretName };
}

/** The addresses, keys and external ids that a configuration file contains literally. */
function secretsIn(configFile: ConfigFile | null): string[] {
  const { alerts, heartbeat, accounts, organization } = keysOf(configFile?.values);
  return textsBelow([
    keysOf(alerts)["receivers"],
    heartbeat,
    keysOf(organization)["externalId"],
    Array.isArray(accounts) ? accounts.map((entry) => keysOf(entry)["externalId"]) : [],
  ]);
}

function keysOf(value: unknown): Record<string, unknown> {
  return { ...Object(value) };
}

function textsBelow(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    PUBLIC_KEYS.includes(key) ? [] : textsBelow(entry),
  );
}
