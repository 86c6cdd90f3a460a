import type { Config } from "../../shared/config/config.ts";
import type { Transport } from "../../shared/http/transport.ts";
import type { Credentials } from "../../shared/service/credentials.ts";
import { openState } from "../../shared/state/open-state.ts";
import type { StateStore } from "../../shared/state/state-store.ts";
import type { CliRuntime } from "./cli-runtime.ts";
import { deploymentOf } from "./deployment.ts";

/**
 * Opens the configured state from this machine.
 *
 * @param find - finds the credentials; called only if the state is in OSS
 * @returns null where no state is configured
 * @throws `ConfigError` when the region of the state is not known
 * @throws `CredentialsError` when the state needs credentials and there are none
 */
export async function openLocalState(
  { state, endpoints }: Config,
  runtime: CliRuntime,
  transport: Transport,
  find: () => Promise<Credentials>,
): Promise<StateStore | null> {
  const credentials = state.kind === "oss" ? await find() : null;
  return openState(state, {
    credentials,
    regionId: deploymentOf(runtime.env).regionId,
    inFunctionCompute: false,
    endpoint: endpoints.oss,
    transport,
    clock: runtime.clock,
  });
}
