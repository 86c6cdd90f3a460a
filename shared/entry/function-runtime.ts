import { jsonLog, type Log } from "../conclude/run-log.ts";
import type { ConfigFile } from "../config/layer.ts";
import type { Environment } from "../program/environment.ts";

/** What a function gets from its process and its bundle. */
export interface FunctionRuntime {
  readonly env: Environment;
  /** The configuration file that the build packed; null where there was none. */
  readonly file: ConfigFile | null;
  readonly clock: () => Date;
  readonly log: Log;
}

/** Defined by the build; undefined where the source runs without one. */
declare const PACKED_CONFIG: ConfigFile | null | undefined;

/**
 * The runtime of a deployed function.
 *
 * @param stdout - where the log is written, as JSON lines
 */
export function functionRuntime(env: Environment, stdout: NodeJS.WritableStream): FunctionRuntime {
  const file = typeof PACKED_CONFIG === "undefined" ? null : PACKED_CONFIG;
  const clock = (): Date => new Date();
  return { env, file, clock, log: jsonLog(stdout, clock) };
}
