import { Option } from "commander";

/** The flag that names a file for the report. It may be given more than once. */
export function outputOption(): Option {
  return new Option(
    "--output <file>",
    "write the report to a file, in the format of its extension, or of FORMAT in FORMAT:FILE; may be given more than once",
  ).argParser((value, before?: readonly string[]) => [...(before ?? []), value]);
}
