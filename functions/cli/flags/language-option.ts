import { Option } from "commander";

import type { Environment } from "../../../shared/program/environment.ts";
import {
  REPORT_LANGUAGES,
  type ReportLanguage,
} from "../../../shared/report/words/report-words.ts";
import type { Output } from "../cli-runtime.ts";
import { showsUnicode } from "../terminal/shows-unicode.ts";

/**
 * The flag that says in which language people read the output. Its default does not depend on the locale,
 * so that a job prints the same everywhere.
 *
 * @param what - what is printed in that language
 */
export function languageOption(what: string): Option {
  return new Option("--language <language>", `language of ${what}`).choices(REPORT_LANGUAGES);
}

/** A warning where the reader asked for Chinese on a terminal that does not show it; none elsewhere. */
export function languageNotes(
  language: ReportLanguage | undefined,
  stream: Output,
  env: Environment,
): readonly string[] {
  return language === "zh" && stream.isTTY === true && !showsUnicode(stream, env)
    ? [
        "this terminal may not show Chinese (its locale, or its kind): write a file with --output, or set LC_ALL to a UTF-8 locale",
      ]
    : [];
}
