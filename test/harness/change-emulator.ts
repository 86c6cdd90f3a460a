import { AlibabaCloud } from "../../shared/alibaba/alibaba-cloud.ts";
import { VpcActivation } from "../../shared/alibaba/vpc-activation.ts";
import { DEFAULT_CONFIG } from "../../shared/config/config.ts";
import type { ChangeContext } from "../../shared/enable/change-context.ts";
import { parseEndpoint } from "../../shared/http/endpoint.ts";
import { createTransport } from "../../shared/http/transport.ts";
import type { EmulatedCloud } from "./audit-emulator.ts";

/**
 * Runs changes of an emulated cloud in this process: the real SDK, over a socket, with short waits.
 *
 * @param change - what to do with the context
 */
export async function changeEmulator<T>(
  emulator: EmulatedCloud,
  change: (context: ChangeContext) => Promise<T>,
  overrides: Partial<ChangeContext> = {},
): Promise<T> {
  const endpoint = parseEndpoint(emulator.endpoint);
  const [credentials] = emulator.world.keys;
  if (endpoint === null || credentials === undefined) throw new Error("an emulator has both");
  using transport = createTransport(null);
  const options = {
    credentials,
    endpoints: { ...DEFAULT_CONFIG.endpoints, vpc: { "*": endpoint }, sts: endpoint },
    homeRegionId: "cn-hangzhou",
    runId: "0f8d2c1e-aaaa-4bbb-8ccc-1234567890ab",
    acceptLanguage: "en-US",
    userAgent: "flowlog-guard/test",
    transport,
  } as const;
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
