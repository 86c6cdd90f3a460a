/** The keys of the two functions of this project in `resources`. */
export const CHECK_FUNCTION = "flowlog-guard-check";
export const AUDIT_FUNCTION = "flowlog-guard-audit";

/** The bundle, the suffix of the name, and the one trigger type of each function. */
export const FUNCTIONS = {
  [CHECK_FUNCTION]: { code: "./dist/check", suffix: "-check", triggerType: "timer" },
  [AUDIT_FUNCTION]: { code: "./dist/audit", suffix: "-audit", triggerType: "http" },
} as const;
