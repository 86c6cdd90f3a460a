import { OutputError } from "../../../shared/audit/run-error.ts";
import type { FormatName } from "../../../shared/report/formats.ts";
import { replaceFile } from "../../../shared/storage/replace-file.ts";
import { addToJobSummary, roomInJobSummary } from "./job-summary.ts";
import type { OutputFile } from "./read-outputs.ts";

/**
 * Renders the report.
 *
 * @param maxBytes - the size to stay within; null for that of the format
 */
export type Render = (format: FormatName, maxBytes: number | null) => Promise<string>;

/** A file that could not be written. */
export interface FailedOutput extends OutputFile {
  readonly error: unknown;
  /** What was to be written; null where the report could not be rendered. */
  readonly text: string | null;
}

/**
 * Writes the report to files. Each format is rendered once, but for the job summary, whose room is its
 * own. A file that cannot be written stops no other.
 *
 * @returns those that could not be written
 */
export async function writeOutputs(
  files: readonly OutputFile[],
  render: Render,
): Promise<readonly FailedOutput[]> {
  const failed: FailedOutput[] = [];
  const replaced = files.filter(({ isJobSummary }) => !isJobSummary);
  // One format after the other, so that the text of only one is kept.
  for (const format of new Set(replaced.map((file) => file.format))) {
    const rendered = await attempt(() => render(format, null));
    for (const file of replaced.filter((other) => other.format === format)) {
      failed.push(...(await failureOf(file, rendered, replaceFile)));
    }
  }
  for (const file of files.filter(({ isJobSummary }) => isJobSummary)) {
    const room = await roomInJobSummary(file.path);
    const rendered = await attempt(() => render(file.format, room));
    const add = async (path: string, text: string) => addWithin(room, path, text);
    failed.push(...(await failureOf(file, rendered, add)));
  }
  return failed;
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(action: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await action() };
  } catch (error) {
    return { error };
  }
}

async function failureOf(
  file: OutputFile,
  rendered: Attempt<string>,
  write: (path: string, text: string) => Promise<void>,
): Promise<readonly FailedOutput[]> {
  if ("error" in rendered) return [{ ...file, text: null, error: rendered.error }];
  const text = rendered.value;
  const written = await attempt(() => write(file.path, text));
  return "error" in written ? [{ ...file, text, error: written.error }] : [];
}

async function addWithin(room: number, path: string, text: string): Promise<void> {
  if (Buffer.byteLength(text) > room) throw new FullSummaryError();
  await addToJobSummary(path, text);
}

/** The step has written so much to its summary that not even the shortest report fits. */
export class FullSummaryError extends OutputError {
  constructor() {
    super("GitHub takes 1,024 KiB of a step's summary");
  }
}
