import type { Report } from "../../shared/audit/report.ts";
import { type FormatName, formatOf } from "../../shared/report/formats.ts";
import { describeNotAsked } from "../../shared/report/not-asked.ts";
import { describeSummary } from "../../shared/report/table/summary.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import { type CliRuntime, showsColors, widthOf, writeNotes } from "./cli-runtime.ts";
import { statusesFrom } from "./only-option.ts";
import { writeReport } from "./report-output.ts";

/** The flags that say how a report is printed, and where. */
export interface PrintFlags {
  readonly format: FormatName;
  readonly output?: string;
  /** Statuses, separated by commas. */
  readonly only?: string;
  readonly quiet?: boolean;
}

/**
 * Prints a report: to stdout or a file. What the table says beside its findings goes to stderr with other
 * formats.
 *
 * @throws `OutputError` when it could not be written
 */
export async function printReport(
  report: Report,
  { format, output, only, quiet = false }: PrintFlags,
  runtime: CliRuntime,
): Promise<void> {
  const isShown = output === undefined;
  await writeReport(
    await formatOf(format).render(report, {
      color: isShown && showsColors(runtime.stdout, runtime.env),
      cards: await loadRules(report.rules.map(({ id }) => id)),
      columns: isShown ? widthOf(runtime.stdout) : null,
      only: statusesFrom(only),
      wayToAsk: quiet ? null : "flag",
    }),
    output,
    runtime,
  );
  if (quiet) return;
  await writeNotes(
    runtime,
    [
      ...(report.warnings ?? []),
      ...(format === "json"
        ? [describeSummary(report), describeNotAsked(report, "flag") ?? []]
        : []),
      ...(isShown ? [] : [`report written to ${output}`]),
    ].flat(),
  );
}
