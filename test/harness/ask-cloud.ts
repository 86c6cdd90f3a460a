import { AlibabaCloud, type AlibabaCloudOptions } from "../../shared/alibaba/alibaba-cloud.ts";
import type { CallLimit } from "../../shared/audit/cloud.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import { cloudOptions, type EmulatorAddress } from "./cloud-options.ts";

export interface AskOptions extends Partial<AlibabaCloudOptions> {
  /** @default 5 seconds */
  readonly timeoutMs?: number;
}

/** Makes one attempt of a call at an emulated cloud: the real SDK, over a socket. */
export async function askCloud<T>(
  emulator: EmulatorAddress,
  call: (cloud: AlibabaCloud, limit: CallLimit) => Promise<T>,
  { timeoutMs = 5_000, ...options }: AskOptions = {},
): Promise<T> {
  using transport = createTransport(null);
  const cloud = new AlibabaCloud({ ...cloudOptions(emulator, transport), ...options });
  const limit = startTimeBudget(timeoutMs, "TIMEOUT");
  try {
    return await call(cloud, limit);
  } finally {
    limit.release();
  }
}
