import process from "node:process";

import type { Environment } from "../../../shared/program/environment.ts";
import { type Marks, marksFor } from "../../../shared/text/marks.ts";
import type { Output } from "../cli-runtime.ts";

/** Terminals that have no more than 256 characters, and those that tell nothing about themselves. */
const PLAIN_TERMINALS = new Set(["linux", "dumb", "cygwin"]);

/**
 * Whether to write characters beyond ASCII to a stream. The locale decides, also for a pipe or a file;
 * where none is set, as in most containers and CI jobs, readers take UTF-8. On a terminal the kind of
 * terminal decides too.
 *
 * `is-unicode-supported` knows neither locales nor streams, so it would write marks to a terminal in the
 * locale C.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/V1_chap08.html#tag_08_02
 */
export function showsUnicode(
  stream: Pick<Output, "isTTY">,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): boolean {
  const isTerminal = stream.isTTY === true;
  const term = env["TERM"];
  if (isTerminal && term !== undefined && PLAIN_TERMINALS.has(term)) return false;
  // Locales are not Windows' own; its old console sets none of these variables.
  if (platform === "win32") return !isTerminal || isNewWindowsTerminal(env);
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"];
  return !locale || isUtf8(locale);
}

/** The marks for a stream. */
export function marksOf(stream: Pick<Output, "isTTY">, env: Environment): Marks {
  return marksFor(showsUnicode(stream, env));
}

/** `zh_CN.UTF-8`, `C.utf8`; macOS also writes `UTF-8` alone. A locale without a charset has an older one. */
function isUtf8(locale: string): boolean {
  return /(?:^|\.)utf-?8(?:@|$)/i.test(locale);
}

/** Windows Terminal, and terminals that set TERM or their own name. */
function isNewWindowsTerminal(env: Environment): boolean {
  return ["WT_SESSION", "TERM", "TERM_PROGRAM", "TERMINAL_EMULATOR", "ConEmuTask"].some((name) =>
    Boolean(env[name]),
  );
}
