import { AlibabaCloud } from "../../shared/alibaba/alibaba-cloud.ts";
import { VpcActivation } from "../../shared/alibaba/vpc-activation.ts";
import type { ChangeContext } from "../../shared/enable/change-context.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { cloudOptions, type EmulatorAddress } from "./cloud-options.ts";

/**
 * Runs changes of an emulated cloud in this process: the real SDK, over a socket, with short waits.
 *
 * @param change - what to do with the context
 */
export async function changeEmulator<T>(
  emulator: EmulatorAddress,
  change: (context: ChangeContext) => Promise<T>,
  overrides: Partial<ChangeContext> = {},
): Promise<T> {
  using transport = createTransport(null);
  const options = cloudOptions(emulator, transport);
  return change({
    cloud: new AlibabaCloud(options),
    activator: new VpcActivation(options),
    policy: { maxAttempts: 4, baseDelayMs: 1, maxDelayMs: 5 },
    waitPolicy: { maxAttempts: 1_000, baseDelayMs: 1, maxDelayMs: 5 },
    timeoutMs: 5_000,
    attemptTimeoutMs: 2_000,
    stop: new AbortController().signal,
    ...overrides,
  });
}
