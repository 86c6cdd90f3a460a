import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { OSS_SEED } from "./emulated-bucket.ts";

/** A role of the cloud below, which its key may assume. */
export const AUDITOR_ROLE = "acs:ram::1234567890123456:role/auditor";

/**
 * A cloud of three regions: one is not activated, one is, and one answers with XML, which the bundle
 * reads with code that it loads from a side file.
 */
export function startMixedCloud(): Promise<Emulator> {
  return startEmulator({
    regions: {
      "cn-a": { activated: false },
      "cn-b": { activated: true, fault: { kind: "xml-error" } },
      "cn-c": { activated: true },
    },
    keys: [OSS_SEED.key],
    roles: { [AUDITOR_ROLE]: {} },
  });
}
