import * as v from "valibot";

import { DEFAULT_RULE_SETTINGS, type RuleSettings, TRAFFIC_TYPES } from "../audit/rule-settings.ts";
import { keysOf, oneOf, wholeNumberUpTo } from "./fields.ts";

/** The parameters of rules that a source gives. */
export type GivenRuleSettings = {
  readonly [Id in keyof RuleSettings]?: Partial<RuleSettings[Id]>;
};

/** The largest number of days that a log store can have. */
const MAX_RETENTION_DAYS = 3_650;

/** The parameters of rules, as the configuration file has them. */
export const ruleSettings: v.GenericSchema<unknown, GivenRuleSettings> = keysOf({
  "vpc-flow-log-complete": v.exactOptional(
    keysOf({
      trafficType: v.exactOptional(v.picklist(TRAFFIC_TYPES, oneOf(TRAFFIC_TYPES))),
    }),
  ),
  "flow-log-retention": v.exactOptional(
    keysOf({ minDays: v.exactOptional(wholeNumberUpTo(MAX_RETENTION_DAYS)) }),
  ),
});

/** The parameters of all rules: those given, and the defaults of the others. */
export function settingsWithDefaults(given: GivenRuleSettings): RuleSettings {
  const complete = "vpc-flow-log-complete";
  const retention = "flow-log-retention";
  return {
    [complete]: { ...DEFAULT_RULE_SETTINGS[complete], ...given[complete] },
    [retention]: { ...DEFAULT_RULE_SETTINGS[retention], ...given[retention] },
  };
}

/**
 * The parameters that `config` prints: those of the chosen rules, defaults filled in, and those that
 * are given although their rule is not chosen.
 */
export function describeSettings(
  given: GivenRuleSettings,
  { rules }: { readonly rules: readonly string[] },
): Readonly<Record<string, unknown>> {
  const shown = Object.entries(settingsWithDefaults(given)).filter(
    ([id]) => rules.includes(id) || Object.hasOwn(given, id),
  );
  return Object.fromEntries(shown);
}

/** Sentences about parameters that have no effect, because their rule is not chosen. */
export function warningsOfSettings({
  rules,
  settings,
}: {
  readonly rules: readonly string[];
  readonly settings: GivenRuleSettings;
}): string[] {
  return Object.keys(settings)
    .filter((id) => !rules.includes(id))
    .map(
      (id) =>
        `settings.${id}: has no effect, because ${id} is not among the rules of this audit. Add it to rules, or take its settings out.`,
    );
}
