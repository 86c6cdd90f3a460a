import { RunError } from "../../shared/audit/run-error.ts";
import { isName } from "../../shared/text/is-name.ts";

/** `--verbose` or `-v`, also together with other short flags, of which one may have a value: `-qvf json`. */
const VERBOSE = /^(--verbose|-q*v.*)$/s;

/**
 * Describes an error that ends the command line. With `--verbose` the stack is added.
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

/** The stacks of an error and its causes, without control characters. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return `Not an error but a value of type ${typeof error}.`;
  const { name, message, stack = "", cause } = error;
  // The messages of other packages can contain an address or a key.
  const shown = error instanceof RunError ? message : plainWords(message);
  const messageAt = stack.indexOf(message);
  const calls = messageAt === -1 ? "" : stack.slice(messageAt + message.length);
  const own = `${name}: ${shown}${calls}`.replaceAll(/[^\P{Cc}\n]/gu, "");
  return cause === undefined ? own : `${own}\nCaused by: ${stackOf(cause)}`;
}

/** A message in which each word that may be an address or a key is replaced. */
function plainWords(message: string): string {
  return message.replaceAll(/\S+/g, (word) =>
    isName(word.replaceAll(/["'`():;,.]/g, "")) ? word : "(not shown)",
  );
}
