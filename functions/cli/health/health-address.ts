import { isIPv4, isIPv6 } from "node:net";

import { ConfigError } from "../../../shared/audit/run-error.ts";
import { UNSET } from "../../../shared/config/environment.ts";
import type { Environment } from "../../../shared/program/environment.ts";

/** The variable for `watch --health`. */
export const HEALTH_VARIABLE = "FLOWLOG_GUARD_HEALTH";

/** The path that health checks request. */
export const HEALTH_PATH = "/healthz";

/** Where `watch` answers health checks. */
export interface HealthAddress {
  /** An IP address, or `localhost`. */
  readonly host: string;
  /** From 1 to 65535. */
  readonly port: number;
}

const DEFAULT_HOST = "127.0.0.1";
const MAX_PORT = 65_535;

/**
 * The address in a flag, else in the environment.
 *
 * @returns null where neither has one: health checks are off
 * @throws {@link ConfigError} when it is no address
 */
export function healthAddressFrom(
  flag: string | undefined,
  env: Environment,
): HealthAddress | null {
  if (flag !== undefined) return parseHealthAddress(flag, "--health");
  const text = env[HEALTH_VARIABLE];
  return text === undefined || text === UNSET ? null : parseHealthAddress(text, HEALTH_VARIABLE);
}

/**
 * Reads a port, or an IP address and a port; IPv6 addresses are in brackets.
 *
 * @param name - of the flag or variable, for the message
 * @throws {@link ConfigError} when the text is neither
 */
export function parseHealthAddress(text: string, name: string): HealthAddress {
  const [, host = DEFAULT_HOST, digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const bare = /^\[(.+)\]$/.exec(host)?.[1];
  const isHost = bare === undefined ? isIPv4(host) || host === "localhost" : isIPv6(bare);
  if (isHost && port >= 1 && port <= MAX_PORT) return { host: bare ?? host, port };
  throw new ConfigError([
    `${name}: is no address for health checks: write a port, such as 8080, or an IP address and a port, such as 0.0.0.0:8080 or [::]:8080`,
  ]);
}

/** The address as a URL has it. */
export function formatHealthAddress({ host, port }: HealthAddress): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
