import { warningsOfAccounts } from "../../../../../shared/config/account-warnings.ts";
import { readConfigFile } from "../../../../../shared/config/config-file.ts";
import { configFileOf, UNSET } from "../../../../../shared/config/environment.ts";
import {
  problemsOfEvidence,
  warningsOfEvidence,
} from "../../../../../shared/config/evidence-problems.ts";
import { warningsOfSettings } from "../../../../../shared/config/rule-settings.ts";
import type { Environment } from "../../../../../shared/program/environment.ts";
import { shownPath } from "../../../../../shared/text/shown-path.ts";
import { warningsOfTemplate } from "../../config/template-sizes.ts";
import type { Check, SetUp } from "../check.ts";
import { ok, type Outcome, problem, warning } from "../outcome.ts";

const FIX = "Correct it; flowlog-guard config prints the configuration resolved.";

/** The configuration: the file, the variables, the flags. Everything else depends on it. */
export const configuration: Check = {
  id: "configuration",
  title: "Configuration",
  run: async (setUp) => judge(setUp),
};

function judge({ config, configProblems, flags, runtime }: SetUp): Outcome {
  if (configProblems.length > 0) return severalProblems(configProblems);
  const unkeepable = problemsOfEvidence(config, "machine");
  if (unkeepable.length > 0) return { ...severalProblems(unkeepable), goesOn: true };
  const sources = describeSources(flags.config ?? configFileOf(runtime.env), runtime.env);
  const warnings = [
    ...warningsOfSettings(config),
    ...warningsOfAccounts(config),
    ...warningsOfEvidence(config),
    ...warningsOfTemplate(config),
  ];
  const [first] = warnings;
  if (first === undefined) return ok(sources);
  return warning("CONFIG_WARNING", sources, { lines: warnings });
}

function severalProblems(problems: readonly string[]): Outcome {
  const [first = ""] = problems;
  return problems.length === 1
    ? problem("CONFIG_INVALID", first, { fix: FIX })
    : problem("CONFIG_INVALID", `${problems.length} problems:`, { lines: problems, fix: FIX });
}

/** The file, and the names of the variables that are in force. */
function describeSources(path: string | undefined, env: Environment): string {
  const file = readConfigFile(path);
  const names = variablesInForce(env);
  const variables =
    names.length === 0 ? "none of its variables is set" : `in force: ${names.join(", ")}`;
  return file === null
    ? `No file: neither flowlog-guard.yaml nor .yml is in this folder; ${variables}.`
    : `${shownPath(file.name)}; ${variables}.`;
}

const OURS = /^FLOWLOG_GUARD_[A-Z_]{1,40}$/;
/** Of other tools, which change what a run does. */
const OTHERS =
  /^(ALIBABA_?CLOUD_[A-Z_]{1,40}|DEPLOY_(REGION|NAME)|https_proxy|HTTPS_PROXY|no_proxy|NO_PROXY|NODE_EXTRA_CA_CERTS)$/;

/** The names of the variables that are set and change what a run does, sorted; never a value. */
export function variablesInForce(env: Environment): readonly string[] {
  return Object.keys(env)
    .filter((name) => OURS.test(name) || OTHERS.test(name))
    .filter((name) => env[name] !== undefined && env[name] !== "" && env[name] !== UNSET)
    .toSorted();
}
