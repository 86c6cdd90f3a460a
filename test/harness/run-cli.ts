import { join } from "node:path";

import { inject } from "vitest";

import type { Emulator } from "../emulator/emulator.ts";
import { type ProcessOptions, type ProcessResult, runNode } from "./run-process.ts";

/** The environment that points a process at an emulator, with the emulator's keys. */
export function emulatorEnv({ endpoint, world }: Emulator): Record<string, string> {
  const [key] = world.keys;
  return {
    FLOWLOG_GUARD_VPC_ENDPOINT: endpoint,
    FLOWLOG_GUARD_STS_ENDPOINT: endpoint,
    FLOWLOG_GUARD_ECS_ENDPOINT: endpoint,
    FLOWLOG_GUARD_SLS_ENDPOINT: endpoint,
    FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT: endpoint,
    FLOWLOG_GUARD_CLOUD_CONFIG_ENDPOINT: endpoint,
    FLOWLOG_GUARD_ACTIONTRAIL_ENDPOINT: endpoint,
    ALIBABA_CLOUD_ACCESS_KEY_ID: String(key?.accessKeyId),
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: String(key?.accessKeySecret),
  };
}

/** The environment of a command line, without this machine's variables or requests to the network. */
export function cliEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return { HOME: "/nonexistent", ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", ...env };
}

/**
 * Runs the built command line as a user does: in a separate process, by default in a folder
 * without a configuration file.
 */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: Omit<ProcessOptions, "env"> = {},
): Promise<ProcessResult> {
  return runNode([join(inject("dist"), "cli/index.js"), ...args], {
    env: cliEnv(env),
    cwd: inject("dist"),
    ...options,
  });
}
