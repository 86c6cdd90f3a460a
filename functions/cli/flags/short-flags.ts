import type { Command } from "commander";

/**
 * The short form of each common flag: the same in every command that has the flag. `-q`, `-v`, `-h` and `-V` are
 * those of all commands. What changes the cloud, such as `--yes`, has none.
 */
export const SHORT_FLAGS: ReadonlyMap<string, string> = new Map([
  ["--regions", "-r"],
  ["--accounts", "-a"],
  ["--rules", "-R"],
  ["--config", "-c"],
  ["--profile", "-p"],
  ["--format", "-f"],
  ["--output", "-o"],
  ["--language", "-l"],
]);

/** Gives the flags of a command their short forms. */
export function addShortFlags(command: Command): void {
  for (const option of command.options) {
    const short = SHORT_FLAGS.get(String(option.long));
    if (short === undefined || option.short !== undefined) continue;
    option.short = short;
    option.flags = `${short}, ${option.flags}`;
  }
}
