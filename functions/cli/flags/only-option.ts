import { Option } from "commander";

import type { Status } from "../../../shared/audit/finding.ts";
import { ConfigError } from "../../../shared/audit/run-error.ts";
import { STATUSES_WORST_FIRST } from "../../../shared/report/status-order.ts";
import { isSafeToEcho } from "../../../shared/text/safe-to-echo.ts";

/** The flag that says which findings the table shows. It may be given more than once. */
export function onlyOption(): Option {
  return new Option(
    "--only <statuses>",
    "show only findings of these statuses in tables, such as NON_COMPLIANT,INSUFFICIENT_DATA",
  ).argParser((list, before?: string) => (before === undefined ? list : `${before},${list}`));
}

/**
 * Reads the value of `--only`: statuses in either case, separated by commas.
 *
 * @returns null where the flag is not given
 * @throws {@link ConfigError} when one of them is no status
 */
export function statusesFrom(only: string | undefined): readonly Status[] | null {
  if (only === undefined) return null;
  const words = only.split(",").map((word) => word.trim());
  const statuses = words.map((word) =>
    STATUSES_WORST_FIRST.find((status) => status === word.toUpperCase()),
  );
  const known = statuses.filter((status) => status !== undefined);
  if (known.length === statuses.length) return known;
  const unknown = words[statuses.indexOf(undefined)] ?? "";
  throw new ConfigError([
    `--only: ${describeUnknown(unknown)}: the statuses are ${STATUSES_WORST_FIRST.join(", ")}`,
  ]);
}

/** The value may be a secret that was meant for another flag. */
function describeUnknown(word: string): string {
  if (word === "") return "a status is empty";
  return isSafeToEcho(word, STATUSES_WORST_FIRST)
    ? `${word} is not a status`
    : "a value is not a status (value not shown)";
}
