import type { Config } from "../../shared/config/config.ts";
import type { FunctionHooks } from "../../shared/entry/audit-function.ts";
import { configOfPart } from "../../shared/fan-out/part-config.ts";
import { type Part, rolesPerSecondOf } from "../../shared/fan-out/part.ts";
import { readPart } from "../../shared/fan-out/read-part.ts";

/** A part of a run that the check function divides among several invocations. */
export interface PartRequest {
  readonly part: Part;
  readonly configure: (config: Config) => Config;
  readonly stsCallsPerSecond: number;
  readonly hooks: FunctionHooks;
}

/**
 * Reads the event of a part.
 *
 * @throws `ConfigError` when it is not one
 */
export function readPartRequest(event: object): PartRequest {
  const partEvent = readPart(event);
  const { part } = partEvent;
  return {
    part,
    configure: (config) => configOfPart(config, partEvent),
    stsCallsPerSecond: rolesPerSecondOf(part),
    hooks: {
      // The list of regions explains failures, and only the whole run has asked for it.
      auditAccounts: async (scope, auditHere) =>
        auditHere(part.listed.length === 0 ? scope : { ...scope, listed: new Set(part.listed) }),
    },
  };
}
