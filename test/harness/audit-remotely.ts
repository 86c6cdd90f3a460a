import type { Emulator } from "../emulator/emulator.ts";
import { type FunctionComputeSeed, startFunctionCompute } from "../emulator/function-compute.ts";
import { functionContext, functionEnv, invokeAudit } from "./invoke-function.ts";
import { emulatorEnv, runCli } from "./run-cli.ts";
import type { runMain } from "./run-main.ts";

/** Function Compute with the real bundle deployed, in the account of an emulated cloud. */
export function startDeployed(emulator: Emulator, overrides: Partial<FunctionComputeSeed> = {}) {
  const [key] = emulator.world.keys;
  if (key === undefined) throw new Error("the emulator has a key");
  return startFunctionCompute({
    accountId: emulator.world.accountId,
    key,
    functions: {
      "flowlog-guard-audit": (event) =>
        invokeAudit(event, functionContext(emulator), functionEnv(emulator)),
    },
    ...overrides,
  });
}

export async function auditRemotely(
  emulator: Emulator,
  overrides: Partial<FunctionComputeSeed> = {},
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  run: typeof runMain = runCli,
) {
  await using deployed = await startDeployed(emulator, overrides);
  const result = await run(["audit", "--remote", "--region", "cn-hangzhou", ...args], {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
    ...env,
  });
  return { ...result, invocations: deployed.invocations };
}
