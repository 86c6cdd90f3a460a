import type { Environment } from "../../../shared/program/environment.ts";
import { FORMAT_NAMES, type FormatName } from "../../../shared/report/formats.ts";
import { shownPath } from "../../../shared/text/shown-path.ts";
import { describeExtensions, namesUnknownFormat, readNamedFile } from "./format-of-file.ts";
import { isJobSummary, JOB_SUMMARY_VARIABLE } from "./job-summary.ts";
import { problemOfAccess, problemOfName } from "./path-problem.ts";
import { identityOf } from "./real-path.ts";

/** A file that the report is written to. */
export interface OutputFile {
  readonly format: FormatName;
  readonly path: string;
  /** Whether it is the job summary, which the report is added to; another file is replaced. */
  readonly isJobSummary: boolean;
}

/** The files that were named, and what is wrong with any of them. */
export interface OutputFiles {
  readonly files: readonly OutputFile[];
  readonly problems: readonly string[];
}

/** Reads the values of `--output`, and checks that each file can be written. */
export function readOutputs(values: readonly string[], env: Environment): OutputFiles {
  const files: OutputFile[] = [];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const value of values) {
    const { format, path } = readNamedFile(value);
    const wrongName = namesUnknownFormat(value) ? problemOfUnknown(value) : problemOfName(path);
    if (wrongName !== null) {
      problems.push(`--output: ${wrongName}`);
      continue;
    }
    const file = { path, isJobSummary: isJobSummary(path, env) };
    const identity = identityOf(path);
    const found = [
      problemOfAccess(path),
      problemOfFormat(format, file),
      seen.has(identity) ? `${shownPath(path)} is named twice: write each file once` : null,
    ];
    seen.add(identity);
    problems.push(
      ...found.flatMap((problem) => (problem === null ? [] : [`--output: ${problem}`])),
    );
    if (format !== null) files.push({ ...file, format });
  }
  return { files, problems };
}

function problemOfUnknown(value: string): string {
  return `${shownPath(value)} begins with no format that there is: use one of ${FORMAT_NAMES.join(", ")}, or ./ before the name of a file with a colon`;
}

function problemOfFormat(
  format: FormatName | null,
  { path, isJobSummary: isSummary }: Omit<OutputFile, "format">,
): string | null {
  if (isSummary && format !== "markdown") {
    return `${shownPath(path)} is the job summary (${JOB_SUMMARY_VARIABLE}), which is Markdown: write markdown:FILE`;
  }
  if (format !== null) return null;
  return `${shownPath(path)} has no extension of a report: end it in one of ${describeExtensions()}, or write the format before it, such as json:FILE`;
}
