import type { AlibabaCloudOptions } from "../../shared/alibaba/alibaba-cloud.ts";
import { parseEndpoint } from "../../shared/http/endpoint.ts";
import type { Transport } from "../../shared/http/transport.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { World } from "../emulator/world.ts";
import { endpointsAt } from "./endpoints-at.ts";

/** Where an emulator listens, in this process or in another one, and its keys. */
export interface EmulatorAddress extends Pick<Emulator, "endpoint"> {
  readonly world: Pick<World, "keys">;
}

/** Options with which tests ask an emulator: every service at its address, with its first keys. */
export function cloudOptions(
  { endpoint: address, world }: EmulatorAddress,
  transport: Transport,
): AlibabaCloudOptions {
  const endpoint = parseEndpoint(address);
  const [credentials] = world.keys;
  if (endpoint === null || credentials === undefined) throw new Error("an emulator has both");
  return {
    credentials,
    endpoints: endpointsAt(endpoint),
    homeRegionId: "cn-hangzhou",
    runId: "0f8d2c1e-aaaa-4bbb-8ccc-1234567890ab",
    acceptLanguage: "en-US",
    userAgent: "flowlog-guard/test",
    transport,
  };
}
