import { OpenApiUtil } from "@alicloud/openapi-core";

import { Fault } from "./fault.ts";

/** What an entry and its side files see of each other. */
export interface Observation {
  /** Whether an error of the side file is of the entry's class. */
  readonly isOwnFault: boolean;
  /** Whether the side file sees a replaced function of the SDK. */
  readonly sdkIsReplaced: boolean;
  /** How often the module that two side files import was counted up. */
  readonly counts: readonly number[];
}

/** Loads the side files, and compares. */
export async function observe(): Promise<Observation> {
  Object.assign(OpenApiUtil, { getNonce: () => "replaced" });
  const { raise, nonce, countHere } = await import("./raise.ts");
  const { countThere } = await import("./count-there.ts");
  const error = await raise().catch((reason: unknown) => reason);
  return {
    isOwnFault: error instanceof Fault,
    sdkIsReplaced: nonce() === "replaced",
    counts: [countHere(), await countThere()],
  };
}

/** The class of the errors, to compare two bundles. */
export { Fault };
