import type { CheckStatus } from "./outcome.ts";

/** The mark of a check, one column wide. */
export function markOf(status: CheckStatus): string {
  return MARKS[status];
}

const MARKS: Readonly<Record<CheckStatus, string>> = {
  ok: "✔",
  warning: "!",
  problem: "✖",
  skipped: "-",
};
