import type { Command } from "commander";

import { PROFILE_MODES } from "../../shared/alibaba/credentials/profile-modes.ts";
import { ConfigError } from "../../shared/audit/run-error.ts";
import { type Config, resolveConfig } from "../../shared/config/config.ts";
import { readConfigFile } from "../../shared/config/config-file.ts";
import {
  CONFIG_FILE_VARIABLE,
  configFileOf,
  readEnvironmentLayer,
  scheduleOf,
} from "../../shared/config/environment.ts";
import { followSchedule, problemsOfValidFor } from "../../shared/config/follow-schedule.ts";
import { readFileLayer, readLayer } from "../../shared/config/layer.ts";
import { withoutUndefined } from "../../shared/config/without-undefined.ts";
import type { Environment } from "../../shared/program/environment.ts";
import { longestGapMs } from "../../shared/schedule/longest-gap.ts";

/** The flags that are part of the configuration, as the user wrote them. */
export interface ConfigFlags {
  readonly config?: string;
  readonly regions?: string;
  readonly concurrency?: string;
  readonly timeout?: string;
  readonly attemptTimeout?: string;
  readonly deadline?: string;
}

/** Adds the flag that says where the configuration is. */
export function addConfigOption(command: Command): Command {
  return command.option(
    "--config <file>",
    "configuration file (default: flowlog-guard.yaml or .yml where there is one)",
  );
}

/** Adds the flags that say what to audit. */
export function addScopeOptions(command: Command): Command {
  return addConfigOption(
    command.option(
      "--regions <list>",
      "regions to audit, such as a,b,'ap-*','!cn-wuhan' (default: all)",
      (list: string, before?: string) => (before === undefined ? list : `${before},${list}`),
    ),
  );
}

/** Adds the flag that says with whose credentials the cloud is asked. */
export function addProfileOption(command: Command): Command {
  return command.option(
    "--profile <name>",
    `profile of the aliyun command line, of mode ${PROFILE_MODES.join(", ")} (default: keys in the environment, OIDC, ALIBABA_CLOUD_PROFILE, the current profile)`,
  );
}

/** Adds the flags that say how much is told on stderr: the same ones for every command. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("-q, --quiet", "nothing on stderr but errors")
    .option("-v, --verbose", "stack traces with errors; audit: also a line a region on stderr");
}

/** Adds the flags that say how to go about it. */
export function addRunOptions(command: Command): Command {
  return command
    .option("--concurrency <n>", "regions asked at once (default: 32)")
    .option("--timeout <duration>", "time for one region, retries included (default: 10s)")
    .option(
      "--attempt-timeout <duration>",
      "time for one attempt at a region, then it is tried again (default: a third of --timeout)",
    )
    .option("--deadline <duration>", "time for the whole audit (default: 5m)");
}

/**
 * Defaults, then the file, then the environment, then the flags; a later one wins.
 *
 * @param schedule - when runs are due, where that is known
 * @throws `ConfigError` with everything that is wrong in any of them
 */
export function configFrom(
  flags: ConfigFlags,
  env: Environment,
  schedule: string | undefined = scheduleOf(env),
): Config {
  const file = readConfigFile(configPathFrom(flags, env));
  const { regions, concurrency, timeout, attemptTimeout, deadline } = flags;
  const config = resolveConfig(
    readFileLayer(file, env),
    readEnvironmentLayer(env, [CONFIG_FILE_VARIABLE]),
    readLayer(
      withoutUndefined({ regions, concurrency, timeout, attemptTimeout, deadline }),
      ([name]) => flagOf(String(name)),
    ),
  );
  if (schedule === undefined) return config;
  const followed = followSchedule(config, schedule);
  const problems = problemsOfValidFor(followed, longestGapMs(schedule));
  if (problems.length > 0) throw new ConfigError(problems);
  return followed;
}

/** The flag behind an option, as `--attempt-timeout` of `attemptTimeout`. */
export function flagOf(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Whether a run looks at all that is configured: only such a run can tell what has left the scope. */
export function isWholeScope({ regions }: ConfigFlags): boolean {
  return regions === undefined;
}

/** The file that somebody named, if anybody did. */
function configPathFrom(flags: ConfigFlags, env: Environment): string | undefined {
  const path = flags.config ?? configFileOf(env);
  if (path !== "") return path;
  const source = flags.config === undefined ? CONFIG_FILE_VARIABLE : "--config";
  throw new ConfigError([`${source}: is empty: name a file`]);
}
