import type { Config } from "../../shared/config/config.ts";
import type { Credentials } from "../../shared/credentials.ts";
import { openState } from "../../shared/state/open-state.ts";
import type { StateStore } from "../../shared/state/state-store.ts";
import { findCredentials } from "./audit-from-here.ts";
import { deploymentOf } from "./deployment.ts";
import type { World } from "./world.ts";

/**
 * Opens the configured state from this machine.
 *
 * @param found - the credentials, where somebody has looked for them; else they are looked for here
 * if the state needs any
 * @returns null where none is configured
 * @throws `ConfigError` when it cannot be told where it is
 * @throws `CredentialsError` when it needs credentials and there are none
 */
export async function openLocalState(
  { state, endpoints }: Config,
  world: World,
  found: Credentials | null = null,
): Promise<StateStore | null> {
  const credentials = found ?? (state.kind === "oss" ? await findCredentials(world) : null);
  return openState(state, {
    credentials,
    regionId: deploymentOf(world.env).regionId,
    inFunctionCompute: false,
    endpoint: endpoints.oss,
    clock: world.clock,
  });
}
