import type { Config } from "../../../shared/config/config.ts";
import type { Transport } from "../../../shared/http/transport.ts";
import type { Credentials } from "../../../shared/service/credentials.ts";
import { openState } from "../../../shared/state/open-state.ts";
import type { StateStore } from "../../../shared/state/state-store.ts";
import type { StorageSurroundings } from "../../../shared/storage/open-bucket.ts";
import type { CliRuntime } from "../cli-runtime.ts";
import { deploymentOf } from "../deployment.ts";

/**
 * Opens the configured state from this machine.
 *
 * @param find - finds the credentials; called only if the state is in OSS
 * @returns null where no state is configured
 * @throws `ConfigError` when the region of the state is not known
 * @throws `CredentialsError` when the state needs credentials and there are none
 */
export async function openLocalState(
  config: Config,
  runtime: CliRuntime,
  transport: Transport,
  find: () => Promise<Credentials>,
): Promise<StateStore | null> {
  const { state } = config;
  const credentials = state.kind === "oss" ? await find() : null;
  return openState(state, localStorage(config, runtime, transport, credentials));
}

/**
 * What opening a storage address on this machine depends on.
 *
 * @param credentials - null for an address that is not in OSS
 */
export function localStorage(
  { endpoints }: Pick<Config, "endpoints">,
  runtime: CliRuntime,
  transport: Transport,
  credentials: Credentials | null,
): StorageSurroundings {
  return {
    credentials,
    regionId: deploymentOf(runtime.env).regionId,
    inFunctionCompute: false,
    endpoint: endpoints.oss,
    transport,
    clock: runtime.clock,
  };
}
