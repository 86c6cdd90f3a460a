import type { ConfigFile } from "../shared/config/layer.ts";
import { placeholdersIn } from "../shared/config/placeholders.ts";
import type { Environment } from "../shared/program/environment.ts";
import type { Template } from "./template-schema.ts";

/** What must not be printed. */
export interface Secrets {
  readonly values: readonly string[];
  /** Whether what stands behind a name is secret, wherever it stands. */
  readonly isSecretName: (name: string) => boolean;
}

/** Names under which keys and passwords are kept, Serverless Devs' own and anybody's. */
const SECRET_NAME = /access_?key|secret|token|password|_serverless_devs_key$/i;
const ADDRESS_NAME = /^FLOWLOG_GUARD_(WEBHOOK|HEARTBEAT)_/;
/** The variables of a function whose values may be shown; an unknown one may be an address. */
const PUBLIC_NAME = /^FLOWLOG_GUARD_(?!WEBHOOK|HEARTBEAT)/;
/** What a receiver has that is no secret. */
const PUBLIC_KEYS = ["type", "name", "language", "keyword", "mentions", "validFor", "labels"];

/** Whether the value of a function's variable may be shown. */
export function isPublicVariable(name: string): boolean {
  return PUBLIC_NAME.test(name);
}

/**
 * Collects the secrets of a deployment: by the names of variables, and by where they are used.
 *
 * @param template - null where it could not be read
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

/** The addresses and keys that are written out in a configuration file. */
function secretsIn(configFile: ConfigFile | null): string[] {
  const { alerts, heartbeat }: Record<string, unknown> = { ...Object(configFile?.values) };
  const { receivers }: Record<string, unknown> = { ...Object(alerts) };
  return textsBelow([receivers, heartbeat]);
}

function textsBelow(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    PUBLIC_KEYS.includes(key) ? [] : textsBelow(entry),
  );
}
