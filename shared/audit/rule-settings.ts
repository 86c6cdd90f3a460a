/** The kinds of traffic that a flow log may record. */
export const TRAFFIC_TYPES = ["All", "Allow", "Drop"] as const;
export type TrafficType = (typeof TRAFFIC_TYPES)[number];

/** The parameters of rules, by rule. */
export interface RuleSettings {
  readonly "vpc-flow-log-complete": {
    /** The least that is to be recorded. */
    readonly trafficType: TrafficType;
  };
  readonly "flow-log-retention": {
    /** The least number of days for which logs are to be kept, from 1 to 3650. */
    readonly minDays: number;
  };
}

/** The parameters where nothing else is configured. */
export const DEFAULT_RULE_SETTINGS: RuleSettings = {
  "vpc-flow-log-complete": { trafficType: "All" },
  "flow-log-retention": { minDays: 180 },
};
