/** How the command enable prints: for people, or the plan and the report for a program. */
export const ENABLE_FORMATS = ["table", "json"] as const;
export type EnableFormat = (typeof ENABLE_FORMATS)[number];
