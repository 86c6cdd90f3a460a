import { type Command, Option } from "commander";

import { ConfigError } from "../../../shared/audit/run-error.ts";
import { readConfigFile } from "../../../shared/config/config-file.ts";
import { type Config, DEFAULT_CONFIG, resolveConfig } from "../../../shared/config/config.ts";
import {
  CONFIG_FILE_VARIABLE,
  configFileOf,
  readEnvironmentLayer,
  scheduleOf,
} from "../../../shared/config/environment.ts";
import { withoutUndefined } from "../../../shared/config/fields.ts";
import { followSchedule, problemsOfValidFor } from "../../../shared/config/follow-schedule.ts";
import { type ConfigLayer, readFileLayer } from "../../../shared/config/layer.ts";
import { readNamedValues } from "../../../shared/config/named-values.ts";
import { type Flag, type ListedOption, listOptions } from "../../../shared/config/option.ts";
import { OPTIONS } from "../../../shared/config/options.ts";
import type { Environment } from "../../../shared/program/environment.ts";
import { longestGapMs } from "../../../shared/schedule/longest-gap.ts";
import { HEALTH_VARIABLE } from "../health/health-address.ts";

/** The flags that the commands with a configuration have, as commander parsed them. */
export interface ConfigFlags {
  readonly config?: string;
}

/** An option with a flag; `name` is the flag's, as commander spells it in what it parsed. */
interface FlaggedOption extends ListedOption {
  readonly name: string;
  readonly flag: Flag;
}

const FLAGGED_OPTIONS: readonly FlaggedOption[] = listOptions(OPTIONS).flatMap((option) => {
  const { flag, path } = option;
  return flag === undefined ? [] : [{ ...option, flag, name: String(path.at(-1)) }];
});
const SCOPE_OPTIONS = FLAGGED_OPTIONS.filter(({ isScope }) => isScope === true);
const RUN_OPTIONS = FLAGGED_OPTIONS.filter(({ isScope }) => isScope !== true);

/** The names of the flags that set how an audit runs, and not what it covers. */
export const RUN_FLAGS = RUN_OPTIONS.map(({ name }) => name);

/** The variables that only the command line reads. */
export const CLI_VARIABLES: readonly string[] = [CONFIG_FILE_VARIABLE, HEALTH_VARIABLE];

/** The heading of the flags that every command has. */
const GENERAL = "General:";

/** The error of a command that needs a receiver where none is configured. */
export const NO_RECEIVER =
  "there is no receiver. Set FLOWLOG_GUARD_WEBHOOK_URL, or alerts.receivers in the configuration file.";

/** Adds the flag that names the configuration file. */
export function addConfigOption(command: Command): Command {
  return command
    .optionsGroup("Configuration and credentials:")
    .option(
      "--config <file>",
      "configuration file (default: flowlog-guard.yaml or .yml, if it exists)",
    );
}

/** Adds the flags that say what to audit. */
export function addScopeOptions(command: Command): Command {
  return addConfigOption(addOptions(command.optionsGroup("Scope:"), SCOPE_OPTIONS));
}

/** Adds the flags that say how an audit runs. */
export function addRunOptions(command: Command): Command {
  return addOptions(command.optionsGroup("Limits:"), RUN_OPTIONS);
}

/** Adds the flag that says whose credentials are used. */
export function addProfileOption(command: Command): Command {
  return command
    .optionsGroup("Configuration and credentials:")
    .option(
      "--profile <name>",
      "profile of the aliyun command line (default: keys in the environment, OIDC, ALIBABA_CLOUD_PROFILE, the current profile)",
    );
}

/** What `--verbose` adds to the output of single commands. */
const VERBOSE_ADDS: ReadonlyMap<string, string> = new Map([
  ["audit", "one line per region or resource on stderr, and "],
  ["doctor", "endpoints, request ids and times, and "],
  ["verify", "every break, and "],
]);

/** Adds the flags that say how much is written to stderr; every command has them. */
export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup(GENERAL)
    .option("-q, --quiet", "print only errors, and problems with the state, to stderr")
    .option(
      "-v, --verbose",
      `also print ${VERBOSE_ADDS.get(command.name()) ?? ""}stack traces with errors`,
    )
    .addHelpOption(new Option("-h, --help", "display help for command").helpGroup(GENERAL));
}

function addOptions(command: Command, options: readonly FlaggedOption[]): Command {
  for (const { name, flag, fallback, fallbackText, ...option } of options) {
    const unset = fallbackText ?? String(option.describe(fallback, DEFAULT_CONFIG));
    const added = new Option(
      `${flagOf(name)} ${flag.argument}`,
      `${flag.help} (default: ${unset})`,
    );
    if (flag.isRepeatable === true) {
      added.argParser((list, before?: string) =>
        before === undefined ? list : `${before},${list}`,
      );
    }
    command.addOption(added);
  }
  return command;
}

/**
 * Resolves the configuration: the defaults, the file, the environment, the flags. A later one wins.
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
  const config = resolveConfig(
    readFileLayer(file, env),
    readEnvironmentLayer(env, CLI_VARIABLES),
    readFlags(flags),
  );
  if (schedule === undefined) return config;
  const followed = followSchedule(config, schedule);
  const problems = problemsOfValidFor(followed, longestGapMs(schedule));
  if (problems.length > 0) throw new ConfigError(problems);
  return followed;
}

/** Checks the flags that set options of the configuration. */
export function readFlags(flags: object): ConfigLayer {
  return readNamedValues(
    FLAGGED_OPTIONS.filter(({ name }) => isGiven(flags, name)).map(({ name, path }) => ({
      name: flagOf(name),
      path,
      value: valueOf(flags, name),
    })),
  );
}

/** The flags that say what to audit, by the keys that an event has for them. */
export function scopeFlagsOf(flags: object): Record<string, unknown> {
  return withoutUndefined(
    Object.fromEntries(SCOPE_OPTIONS.map(({ name }) => [name, valueOf(flags, name)])),
  );
}

/** Whether the user gave a flag. */
export function isGiven(flags: object, name: string): boolean {
  return valueOf(flags, name) !== undefined;
}

function valueOf(flags: object, name: string): unknown {
  return new Map<string, unknown>(Object.entries(flags)).get(name);
}

/** The flag behind an option, as `--attempt-timeout` of `attemptTimeout`. */
export function flagOf(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Whether a run covers the whole configured scope: only such a run shows what has left it.
 *
 * @param flags - those that the command was given
 */
export function isWholeScope(flags: object): boolean {
  return Object.keys(scopeFlagsOf(flags)).length === 0;
}

/** The file that the user named with a flag or a variable. */
function configPathFrom(flags: ConfigFlags, env: Environment): string | undefined {
  const path = flags.config ?? configFileOf(env);
  if (path !== "") return path;
  const source = flags.config === undefined ? CONFIG_FILE_VARIABLE : "--config";
  throw new ConfigError([`${source}: is empty: name a file`]);
}
