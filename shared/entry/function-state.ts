import type { Config } from "../config/config.ts";
import type { Transport } from "../http/transport.ts";
import { openState } from "../state/open-state.ts";
import type { StateStore } from "../state/state-store.ts";
import { credentialsOf, type FunctionContext } from "./function-context.ts";
import type { FunctionRuntime } from "./function-runtime.ts";

/**
 * Opens the configured state with the function's role.
 *
 * @returns null where no state is configured
 * @throws `CredentialsError` when the function has no role
 */
export function openFunctionState(
  { state, endpoints }: Config,
  context: FunctionContext,
  { env, clock }: FunctionRuntime,
  transport: Transport,
): StateStore | null {
  return openState(state, {
    credentials: credentialsOf(context),
    regionId: context.region ?? env["FC_REGION"] ?? null,
    inFunctionCompute: true,
    endpoint: endpoints.oss,
    transport,
    clock,
  });
}
