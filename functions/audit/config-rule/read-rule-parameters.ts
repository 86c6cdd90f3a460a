import { ConfigError } from "../../../shared/audit/run-error.ts";
import type { RegionSelector } from "../../../shared/audit/scope.ts";
import { layerOf } from "../../../shared/entry/run-request.ts";
import { RULE_IDS, type RuleId } from "../../../shared/rules/rule-ids.ts";
import { isSafeToEcho } from "../../../shared/text/safe-to-echo.ts";

/** What the input parameters of the rule in Cloud Config say. */
export interface RuleParameters {
  /** Null where the resource type decides. */
  readonly ruleId: RuleId | null;
  /** Null for those of the deployed configuration. */
  readonly regions: readonly RegionSelector[] | null;
  /** Whether each region has a result beside that of the account. */
  readonly evaluateRegions: boolean;
}

const NAMES = ["rule", "regions", "evaluateRegions"];
const PLACE = "event.ruleParameters";

/**
 * Reads the input parameters of the rule, whose values are texts.
 *
 * @throws {@link ConfigError} with every problem. One that is not known is a problem too, because a
 *   misspelt `regions` would audit others than were meant.
 */
export function readRuleParameters(parameters: object): RuleParameters {
  const values = new Map(Object.entries(parameters));
  const problems = [...values].flatMap(([name, value]) => problemOf(name, value) ?? []);
  if (problems.length > 0) throw new ConfigError(problems);
  const regions = values.has("regions") ? regionsFrom(values.get("regions")) : null;
  return {
    ruleId: RULE_IDS.find((id) => id === values.get("rule")) ?? null,
    regions,
    evaluateRegions: values.get("evaluateRegions") === "true",
  };
}

function problemOf(name: string, value: unknown): string | null {
  if (!NAMES.includes(name)) {
    const shown = isSafeToEcho(name, NAMES) ? name : "(name not shown)";
    return `${PLACE}.${shown}: is not known: those known are ${NAMES.join(", ")}`;
  }
  if (name === "rule" && RULE_IDS.every((id) => id !== value)) {
    return `${PLACE}.rule: must be one of ${RULE_IDS.join(", ")}`;
  }
  if (name === "evaluateRegions" && value !== "true" && value !== "false") {
    return `${PLACE}.evaluateRegions: must be "true" or "false"`;
  }
  return null;
}

function regionsFrom(value: unknown): readonly RegionSelector[] | null {
  const { values, problems } = layerOf({ regions: value }, PLACE);
  if (problems.length > 0) throw new ConfigError(problems);
  return values.regions ?? null;
}
