import * as v from "valibot";

import { isAccountId } from "../audit/account-selector.ts";
import { compareIds } from "../audit/compare-ids.ts";
import { ConfigError } from "../audit/run-error.ts";
import { isRegionId } from "../audit/scope.ts";
import { RULE_IDS } from "../rules/rule-ids.ts";
import { MAX_PARTS, type PartEvent } from "./part.ts";

/** Far more than a part has, so that a list is not checked for minutes. */
const MAX_IDS = 100_000;
const RUN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Ids in ascending order, each once. */
function idsThat(isId: (text: string) => boolean) {
  return v.pipe(
    v.array(v.pipe(v.string(), v.check(isId))),
    v.maxLength(MAX_IDS),
    v.check((ids) => ids.every((id, at) => at === 0 || compareIds(ids[at - 1] ?? "", id) < 0)),
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
        deadlineMs: positive,
        listed: idsThat(isRegionId),
        // A map, since a record ignores names such as "__proto__".
        regionsOf: v.pipe(
          v.custom<object>((value) => Object(value) === value && !Array.isArray(value)),
          v.transform((regionsOf) => Object.entries(regionsOf)),
          v.array(v.strictTuple([v.string(), regionIds])),
        ),
      }),
      v.check(({ index, count }) => index < count),
    ),
    accounts: accountIds,
    regions: regionIds,
    rules: v.pipe(
      v.array(v.picklist(RULE_IDS)),
      v.nonEmpty(),
      v.check((ids) => new Set(ids).size === ids.length),
    ),
  }),
  v.check(({ part, accounts, regions }) => {
    const inPart = new Set(accounts);
    const inScope = new Set(regions);
    return part.regionsOf.every(
      ([id, own]) => inPart.has(id) && own.every((regionId) => inScope.has(regionId)),
    );
  }),
);

/** Whether an event is of a part, or claims to be. */
export function isPartEvent(event: object): boolean {
  return Object.hasOwn(event, "part");
}

/**
 * Reads the event of a part, which the check function of the same version makes.
 *
 * @throws {@link ConfigError} for anything else. What it holds is not repeated.
 */
export function readPart(event: object): PartEvent {
  const parsed = v.safeParse(PartEventSchema, event);
  if (!parsed.success) {
    throw new ConfigError([
      "event: is not the part of a run that the check function of the same version sends. Deploy both functions together; to audit some accounts, send accounts, regions and rules without part.",
    ]);
  }
  const { part, ...scope } = parsed.output;
  return { ...scope, part: { ...part, regionsOf: Object.fromEntries(part.regionsOf) } };
}
