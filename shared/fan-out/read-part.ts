import * as v from "valibot";

import { isAccountId } from "../audit/account-selector.ts";
import { compareIds } from "../audit/compare-ids.ts";
import { ConfigError } from "../audit/run-error.ts";
import { isRegionId } from "../audit/scope.ts";
import { MAX_PARTS } from "../config/accounts.ts";
import { RULE_IDS } from "../rules/rule-ids.ts";
import type { PartEvent } from "./part.ts";

/** Far more than a part has, so that a list is not checked for minutes. */
const MAX_IDS = 100_000;
/** It becomes a part of session names and client tokens. */
const RUN_ID = /^[\w-]{1,47}$/;

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Ids, each once; sorted when read. */
function idsThat(isId: (text: string) => boolean) {
  return v.pipe(
    v.array(v.pipe(v.string(), v.check(isId))),
    v.maxLength(MAX_IDS),
    v.check((ids) => new Set(ids).size === ids.length),
    v.transform((ids) => ids.toSorted(compareIds)),
  );
}

const accountIds = v.pipe(idsThat(isAccountId), v.nonEmpty());
const regionIds = v.pipe(idsThat(isRegionId), v.nonEmpty());

const PartEventSchema = v.pipe(
  v.strictObject({
    part: v.pipe(
      v.strictObject({
        runId: v.pipe(v.string(), v.regex(RUN_ID)),
        index: v.pipe(v.number(), v.integer(), v.minValue(0)),
        count: v.pipe(positive, v.maxValue(MAX_PARTS)),
        deadlineMs: v.exactOptional(positive),
        listed: v.exactOptional(idsThat(isRegionId), []),
        // A map, since a record ignores names such as "__proto__".
        regionsOf: v.exactOptional(
          v.pipe(
            v.custom<object>((value) => Object(value) === value && !Array.isArray(value)),
            v.transform((regionsOf) => Object.entries(regionsOf)),
            v.array(v.strictTuple([v.string(), regionIds])),
          ),
          {},
        ),
      }),
      v.check(({ index, count }) => index < count),
    ),
    accounts: accountIds,
    regions: v.exactOptional(regionIds),
    rules: v.exactOptional(
      v.pipe(
        v.array(v.picklist(RULE_IDS)),
        v.nonEmpty(),
        v.check((ids) => new Set(ids).size === ids.length),
      ),
    ),
  }),
  v.check(({ part, accounts, regions }) => {
    const inPart = new Set(accounts);
    // Regions of single accounts are some of those that the event names.
    const inScope = new Set(regions ?? []);
    return part.regionsOf.every(
      ([id, own]) => inPart.has(id) && own.every((regionId) => inScope.has(regionId)),
    );
  }),
);

/**
 * Reads the event of a part, which the check function of the same version makes. What it may leave out, the part's own configuration
 * says.
 *
 * @throws {@link ConfigError} for anything else. What it holds is not repeated.
 */
export function readPart(event: object): PartEvent {
  const parsed = v.safeParse(PartEventSchema, event, { abortEarly: true });
  if (!parsed.success) {
    throw new ConfigError([
      "event: is not the part of a run that the check function of the same version sends. Deploy both functions together; to audit some accounts, send accounts, regions and rules without part.",
    ]);
  }
  const { part, ...scope } = parsed.output;
  return { ...scope, part: { ...part, regionsOf: Object.fromEntries(part.regionsOf) } };
}
