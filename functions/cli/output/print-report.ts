import type { Report } from "../../../shared/audit/report.ts";
import { OutputError } from "../../../shared/audit/run-error.ts";
import type { MetricsBy, RenderOptions } from "../../../shared/report/format.ts";
import { type FormatName, formatOf } from "../../../shared/report/formats.ts";
import { isActivationAlone } from "../../../shared/report/not-asked.ts";
import { describeSummary } from "../../../shared/report/table/summary.ts";
import { loadWords } from "../../../shared/report/words/load-words.ts";
import type { ReportLanguage, ReportWords } from "../../../shared/report/words/report-words.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { errorCode } from "../../../shared/text/error-code.ts";
import { type CliRuntime, showsColors, widthOf, write, writeNotes } from "../cli-runtime.ts";
import { languageNotes } from "../flags/language-option.ts";
import { statusesFrom } from "../flags/only-option.ts";
import { showsUnicode } from "../terminal/shows-unicode.ts";
import type { OutputFile } from "./read-outputs.ts";
import { type FailedOutput, writeOutputs } from "./write-outputs.ts";

/** How a report is printed, and where. */
export interface PrintOptions {
  /** Of stdout; null where the report goes to files alone. */
  readonly format: FormatName | null;
  /** @default none */
  readonly files?: readonly OutputFile[];
  /** Of tables: statuses, separated by commas. */
  readonly only?: string;
  /** Of metrics. */
  readonly metricsBy?: MetricsBy;
  /** @default English; of a page, the language that the browser prefers */
  readonly language?: ReportLanguage;
  readonly quiet?: boolean;
}

/**
 * Prints a report to files and stdout. If a file cannot be written and stdout has no report, that of the
 * file goes to stdout, so that no finding is lost. What a table says beside its findings goes to stderr
 * where stdout has none.
 *
 * @throws {@link OutputError} when it could not be written everywhere; what could be written is
 */
export async function printReport(
  report: Report,
  { format, files = [], only, metricsBy = "finding", language, quiet = false }: PrintOptions,
  runtime: CliRuntime,
): Promise<void> {
  const cards = await loadRules(report.rules.map(({ id }) => id));
  const words = await loadWords(language ?? "en");
  const render = async (name: FormatName, reader: Partial<RenderOptions>) =>
    formatOf(name).render(report, {
      color: false,
      ...(language !== undefined && { words }),
      cards,
      only: name === "table" ? statusesFrom(only) : null,
      metricsBy,
      wayToAsk: quiet ? null : "flag",
      ...reader,
    });
  const failed = await writeOutputs(files, async (name, maxBytes) => render(name, { maxBytes }));
  const instead = format === null ? reportToSave(failed) : null;
  const { stdout, env } = runtime;
  const reader = {
    color: showsColors(stdout, env),
    showsUnicode: showsUnicode(stdout, env),
    columns: widthOf(stdout),
  };
  const text = format === null ? instead?.text : await render(format, reader);
  const unprinted = text === undefined ? null : await errorOf(write(stdout, text));
  if (!quiet && unprinted === null)
    await writeNotes(runtime, [
      ...(format === null ? [] : languageNotes(language, stdout, env)),
      ...notesOn(report, format, files, failed, words),
    ]);
  const problems = failed.map((output) => describeFailure(output, output === instead));
  if (unprinted !== null) problems.push(unprinted.message);
  if (problems.length > 0) {
    throw new OutputError(problems.join("\n"), { cause: unprinted ?? failed[0]?.error });
  }
}

/** The error with which writing fails; null where it does not. */
async function errorOf(writing: Promise<void>): Promise<OutputError | null> {
  try {
    await writing;
    return null;
  } catch (error) {
    if (error instanceof OutputError) return error;
    throw error;
  }
}

/** A report that could not be written, and was rendered. */
type SavedOutput = FailedOutput & { readonly text: string };

/** Of several reports that could not be written, the one for stdout: JSON has all that is known. */
function reportToSave(failed: readonly FailedOutput[]): SavedOutput | null {
  const rendered = failed.filter((output): output is SavedOutput => output.text !== null);
  return rendered.find((output) => output.format === "json") ?? rendered[0] ?? null;
}

function notesOn(
  report: Report,
  format: FormatName | null,
  files: readonly OutputFile[],
  failed: readonly FailedOutput[],
  words: ReportWords,
): readonly string[] {
  const lost = new Set(failed.map(({ path }) => path));
  return [
    ...(report.warnings ?? []),
    ...(format === "table"
      ? []
      : [
          describeSummary(report, words),
          ...(isActivationAlone(report) ? [words.notAsked("flag")] : []),
        ]),
    ...files
      .filter(({ path }) => !lost.has(path))
      .map(({ path, isJobSummary }) =>
        isJobSummary ? words.notes.addedToJobSummary : words.notes.writtenTo(path),
      ),
  ];
}

function describeFailure({ path, error }: FailedOutput, wentToStdout: boolean): string {
  const why = error instanceof OutputError ? error.message : (errorCode(error) ?? "unknown error");
  return `${path} could not be written (${why})${wentToStdout ? ", so the report went to stdout" : ""}.`;
}
