import {
  AlibabaOrganization,
  type AlibabaOrganizationOptions,
} from "../../shared/alibaba/alibaba-organization.ts";
import type { CallLimit } from "../../shared/audit/cloud.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import { cloudOptions, type EmulatorAddress } from "./cloud-options.ts";

export interface AskOrganizationOptions extends Partial<AlibabaOrganizationOptions> {
  /** @default 5 seconds */
  readonly timeoutMs?: number;
}

/** Makes one attempt of a call at an emulated organization: the real SDK, over a socket. */
export async function askOrganization<T>(
  emulator: EmulatorAddress,
  call: (organization: AlibabaOrganization, limit: CallLimit) => Promise<T>,
  { timeoutMs = 5_000, ...options }: AskOrganizationOptions = {},
): Promise<T> {
  using transport = createTransport(null);
  const { credentials, ...common } = cloudOptions(emulator, transport);
  const organization = new AlibabaOrganization({
    ...common,
    credentials: async () => credentials,
    clock: () => new Date(),
    ...options,
  });
  const limit = startTimeBudget(timeoutMs, "TIMEOUT");
  try {
    return await call(organization, limit);
  } finally {
    limit.release();
  }
}
