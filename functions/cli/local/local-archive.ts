import { ConfigError } from "../../../shared/audit/run-error.ts";
import type { Config } from "../../../shared/config/config.ts";
import type { EvidenceArchive } from "../../../shared/evidence/evidence-archive.ts";
import { openArchive } from "../../../shared/evidence/open-archive.ts";
import type { Transport } from "../../../shared/http/transport.ts";
import type { Credentials } from "../../../shared/service/credentials.ts";
import type { CliRuntime } from "../cli-runtime.ts";
import { localStorage } from "./local-state.ts";

/**
 * Opens the configured evidence from this machine, to be read.
 *
 * @param find - finds the credentials; called only if the evidence is in OSS
 * @throws {@link ConfigError} when none is configured, or the region of its bucket is not known
 * @throws `CredentialsError` when it needs credentials and there are none
 */
export async function openLocalArchive(
  config: Config,
  runtime: CliRuntime,
  transport: Transport,
  find: () => Promise<Credentials>,
): Promise<EvidenceArchive> {
  const { evidence } = config;
  const credentials = evidence.kind === "oss" ? await find() : null;
  const archive = openArchive(evidence, localStorage(config, runtime, transport, credentials));
  if (archive !== null) return archive;
  throw new ConfigError([
    "evidence: none is configured. Set FLOWLOG_GUARD_EVIDENCE, or evidence in the configuration file.",
  ]);
}
