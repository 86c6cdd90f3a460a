import { isHarmless } from "../../shared/harmless.ts";

/** What was typed, up to the last quote: quotes and line ends may be part of it. */
const TYPED = /(?<=unknown (?:option|command) |argument )'(.*)'/s;

/**
 * Commander's message for wrong usage, as ours. A flag's value or a stray argument may be an address
 * or a key: only harmless ones are repeated.
 */
export function withoutValues(text: string): string {
  return text.replace(/^error: /, "flowlog-guard: ").replace(TYPED, (_quoted, typed: string) => {
    const shown = /^--[a-z-]{1,16}(?==)/.exec(typed)?.[0] ?? typed;
    return isHarmless(shown) ? `'${shown}'` : "(value not shown)";
  });
}
