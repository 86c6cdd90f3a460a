import { ConfigError } from "../audit/run-error.ts";
import { RunEvidence } from "../conclude/run-evidence.ts";
import type { Config } from "../config/config.ts";
import { problemsOfEvidence } from "../config/evidence-problems.ts";
import { openEvidence } from "../evidence/open-evidence.ts";
import type { Transport } from "../http/transport.ts";
import type { FunctionContext } from "./function-context.ts";
import type { FunctionRuntime } from "./function-runtime.ts";
import { functionStorage } from "./function-state.ts";

/**
 * Opens the configured evidence with the function's role, to keep the report of one run.
 *
 * @returns null where no evidence is configured
 * @throws {@link ConfigError} when the configured evidence cannot be kept in a function
 * @throws `CredentialsError` when the function has no role
 */
export function openFunctionEvidence(
  config: Config,
  context: FunctionContext,
  runtime: FunctionRuntime,
  transport: Transport,
): RunEvidence | null {
  const problems = problemsOfEvidence(config, "function");
  if (problems.length > 0) throw new ConfigError(problems);
  const keeper = openEvidence(config.evidence, {
    ...functionStorage(config, context, runtime, transport),
    clockDifferenceMs: () => transport.cloudClock.largestMs,
  });
  return keeper && new RunEvidence(keeper);
}
