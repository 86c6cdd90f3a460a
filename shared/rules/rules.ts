import { flowLogServiceActivated } from "./flow-log-service-activated.ts";
import type { Rule } from "./rule.ts";

/** Every rule that an audit puts to every region. */
export const RULES: readonly Rule[] = [flowLogServiceActivated];
