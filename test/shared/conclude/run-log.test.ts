import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { jsonLog, type LogEntry } from "../../../shared/conclude/run-log.ts";
import { printedByLogsCommand } from "../../harness/logs-command.ts";

const NOW = new Date("2026-11-22T07:49:00.123Z");

function lineOf(entry: LogEntry): string {
  const stream = new PassThrough();
  jsonLog(stream, () => NOW)(entry);
  return String(stream.read());
}

/** Texts with all that the command, a terminal or a reader of lines takes notice of. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(" ", "[silly]", " [silly] ", "2026-11-22T07:49:00Z", "\r\n", "\n", "\u2028"),
      fc.constantFrom("Error", "\u001b[31m", "\u009b31m", "\u007f", "\ud800", '"', "\\", "{"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));
const entries = fc.dictionary(
  hostileText.filter((name) => name !== "time" && name !== "__proto__"),
  fc.oneof(hostileText, fc.jsonValue()),
);

test("a line is as the command prints it, one line, and JSON, whatever it says", () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const line = lineOf(entry);
      expect(line.match(/[^\n]*[\r\n\u0085\u2028\u2029]/g)).toEqual([line]);
      const text = line.slice(0, -1);
      expect(printedByLogsCommand(text)).toBe(text);
      expect(stripVTControlCharacters(text)).toBe(text);
      const plain = JSON.parse(JSON.stringify(entry)) as object;
      expect(JSON.parse(text)).toEqual({ time: NOW.toISOString(), ...plain });
    }),
  );
});

test.each([
  ['{"time":"2026-11-22T07:49:00.123Z","event":"run"}', "Invalid date"],
  ["2026-11-22T07:49:00.123Z audited", "2026-11-22 07:49:00 audited"],
  ['{ "time":"2026","message":"a [silly] b"}', '{ "time":"2026","message":"a b"}'],
])("the command changes other lines: %s", (line, printed) => {
  expect(printedByLogsCommand(line)).toBe(printed);
});

test("a line without fields is JSON too", () => {
  expect(lineOf({})).toBe('{ "time": "2026-11-22T07:49:00.123Z"}\n');
});
