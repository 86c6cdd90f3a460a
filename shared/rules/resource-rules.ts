import type { Rule } from "./rule.ts";

/** The rules about resources. */
export const RESOURCE_RULES: readonly Rule[] = [];
