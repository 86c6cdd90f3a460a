import type { Config } from "../../shared/config/config.ts";
import type { Credentials } from "../../shared/service/credentials.ts";
import type { Transport } from "../../shared/http/transport.ts";
import { openState } from "../../shared/state/open-state.ts";
import type { StateStore } from "../../shared/state/state-store.ts";
import { deploymentOf } from "./deployment.ts";
import type { World } from "./world.ts";

/**
 * Opens the configured state from this machine.
 *
 * @param find - gives the credentials; asked only if the state needs any
 * @returns null where none is configured
 * @throws `ConfigError` when it cannot be told where it is
 * @throws `CredentialsError` when it needs credentials and there are none
 */
export async function openLocalState(
  { state, endpoints }: Config,
  world: World,
  transport: Transport,
  find: () => Promise<Credentials>,
): Promise<StateStore | null> {
  const credentials = state.kind === "oss" ? await find() : null;
  return openState(state, {
    credentials,
    regionId: deploymentOf(world.env).regionId,
    inFunctionCompute: false,
    endpoint: endpoints.oss,
    transport,
    clock: world.clock,
  });
}
