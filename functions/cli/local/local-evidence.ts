import { ConfigError } from "../../../shared/audit/run-error.ts";
import { RunEvidence } from "../../../shared/conclude/run-evidence.ts";
import type { Config } from "../../../shared/config/config.ts";
import { problemsOfEvidence } from "../../../shared/config/evidence-problems.ts";
import { openEvidence } from "../../../shared/evidence/open-evidence.ts";
import type { Transport } from "../../../shared/http/transport.ts";
import type { Credentials } from "../../../shared/service/credentials.ts";
import type { CliRuntime } from "../cli-runtime.ts";
import { localStorage } from "./local-state.ts";

/**
 * Opens the configured evidence from this machine, to keep the report of one run.
 *
 * @param find - finds the credentials; called only if the evidence is in OSS
 * @returns null where no evidence is configured
 * @throws `ConfigError` when the region of the bucket is not known
 * @throws `CredentialsError` when the evidence needs credentials and there are none
 */
export async function openLocalEvidence(
  config: Config,
  runtime: CliRuntime,
  transport: Transport,
  find: () => Promise<Credentials>,
): Promise<RunEvidence | null> {
  const { evidence } = config;
  const credentials = evidence.kind === "oss" ? await find() : null;
  const keeper = openEvidence(evidence, {
    ...localStorage(config, runtime, transport, credentials),
    clockDifferenceMs: () => transport.cloudClock.largestMs,
  });
  return keeper && new RunEvidence(keeper);
}

/**
 * Checks, before any call to the cloud, that what is audited on this machine can be kept as evidence.
 *
 * @throws {@link ConfigError} when the configured evidence cannot be kept
 */
export function assertEvidenceKeepable(config: Config): void {
  const problems = problemsOfEvidence(config, "machine");
  if (problems.length > 0) throw new ConfigError(problems);
}
