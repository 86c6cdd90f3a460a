/**
 * What `s NAME logs` prints of a line of a function's log, without its colours, and without the time
 * and the instance's id that it puts before the line.
 *
 * The component splits a line at single spaces. The first word is replaced by
 * `moment(word).format("YYYY-MM-DD HH:mm:ss")` where it contains a date and time; moment parses
 * unknown forms as `Date` does, and formats what cannot be parsed as "Invalid date". The third word is
 * left out where it is `[silly]`.
 *
 * @see https://github.com/devsapp/fc3/blob/master/src/subCommands/logs/index.ts
 * @see https://momentjs.com/docs/#/parsing/string/
 */
export function printedByLogsCommand(line: string): string {
  const [first = "", ...rest] = line.replaceAll("\r", "\n").split(" ");
  const words = [DATE_AND_TIME.test(first) ? formatDate(first) : first, ...rest];
  return words.filter((word, index) => index !== 2 || word !== "[silly]").join(" ");
}

const DATE_AND_TIME = /[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9](:[0-5][0-9]){2}/;

function formatDate(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return "Invalid date";
  return date.toISOString().slice(0, "2026-11-22T07:49:00".length).replace("T", " ");
}
