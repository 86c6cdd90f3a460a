import type { Config } from "../config/config.ts";
import type { Transport } from "../http/transport.ts";
import { openState } from "../state/open-state.ts";
import type { StateStore } from "../state/state-store.ts";
import type { StorageSurroundings } from "../storage/open-bucket.ts";
import { credentialsOf, type FunctionContext } from "./function-context.ts";
import type { FunctionRuntime } from "./function-runtime.ts";

/**
 * Opens the configured state with the function's role.
 *
 * @returns null where no state is configured
 * @throws `CredentialsError` when the function has no role
 */
export function openFunctionState(
  config: Config,
  context: FunctionContext,
  runtime: FunctionRuntime,
  transport: Transport,
): StateStore | null {
  return openState(config.state, functionStorage(config, context, runtime, transport));
}

/**
 * What opening a storage address in a function depends on.
 *
 * @throws `CredentialsError` when the function has no role
 */
export function functionStorage(
  { endpoints }: Pick<Config, "endpoints">,
  context: FunctionContext,
  { env, clock }: FunctionRuntime,
  transport: Transport,
): StorageSurroundings {
  return {
    credentials: credentialsOf(context),
    regionId: context.region ?? env["FC_REGION"] ?? null,
    inFunctionCompute: true,
    endpoint: endpoints.oss,
    transport,
    clock,
  };
}
