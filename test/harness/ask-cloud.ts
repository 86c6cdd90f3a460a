import { AlibabaCloud, type AlibabaCloudOptions } from "../../shared/alibaba/alibaba-cloud.ts";
import type { CallLimit } from "../../shared/audit/cloud.ts";
import { parseEndpoint } from "../../shared/http/endpoint.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { endpointsAt } from "./endpoints-at.ts";

export interface AskOptions extends Partial<AlibabaCloudOptions> {
  /** @default 5 seconds */
  readonly timeoutMs?: number;
}

/** Makes one attempt of a call at an emulated cloud: the real SDK, over a socket. */
export async function askCloud<T>(
  emulator: Pick<Emulator, "endpoint" | "world">,
  call: (cloud: AlibabaCloud, limit: CallLimit) => Promise<T>,
  { timeoutMs = 5_000, ...options }: AskOptions = {},
): Promise<T> {
  const [credentials] = emulator.world.keys;
  const endpoint = parseEndpoint(emulator.endpoint);
  if (credentials === undefined || endpoint === null) throw new Error("an emulator has both");
  using transport = createTransport(null);
  const cloud = new AlibabaCloud({
    credentials,
    endpoints: endpointsAt(endpoint),
    homeRegionId: "cn-hangzhou",
    runId: "0f8d2c1e-aaaa-4bbb-8ccc-1234567890ab",
    acceptLanguage: "en-US",
    userAgent: "flowlog-guard/test",
    transport,
    ...options,
  });
  const limit = startTimeBudget(timeoutMs, "TIMEOUT");
  try {
    return await call(cloud, limit);
  } finally {
    limit.release();
  }
}
