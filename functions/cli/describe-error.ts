import { RunError } from "../../shared/audit/run-error.ts";
import { isName } from "../../shared/text/is-name.ts";

/** `-v` by itself, or among short flags that take no value. */
const VERBOSE = /^(--verbose|-[qv]*v[qv]*)$/;

/**
 * What is said of an error that ends the command line. Where it went wrong is added with
 * `--verbose`.
 *
 * @param argv - the arguments after the program's name
 * @returns one line or several, the last one without a line end
 */
export function describeError(error: unknown, argv: readonly string[]): string {
  const message =
    error instanceof RunError
      ? error.message
      : "internal error. Run it with --verbose and report what it says.";
  return argv.some((arg) => VERBOSE.test(arg)) ? `${message}\n${stackOf(error)}` : message;
}

/** The stack of an error and of what caused it, without anything that moves a terminal's cursor. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return `Not an error but a value of type ${typeof error}.`;
  const { name, message, stack = "", cause } = error;
  // What others write into a message may hold an address or a key.
  const shown = error instanceof RunError ? message : plainWords(message);
  const said = stack.indexOf(message);
  const calls = said === -1 ? "" : stack.slice(said + message.length);
  const own = `${name}: ${shown}${calls}`.replaceAll(/[^\P{Cc}\n]/gu, "");
  return cause === undefined ? own : `${own}\nCaused by: ${stackOf(cause)}`;
}

/** A message with every word left out that may be an address or a key. */
function plainWords(message: string): string {
  return message.replaceAll(/\S+/g, (word) =>
    isName(word.replaceAll(/["'`():;,.]/g, "")) ? word : "(not shown)",
  );
}
