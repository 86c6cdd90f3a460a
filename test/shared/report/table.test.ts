import { stripVTControlCharacters } from "node:util";

import { expect, test } from "vitest";

import { table } from "../../../shared/report/table.ts";
import { reportWith } from "../../harness/report-with.ts";

test("the table says it all: rows, what to do, the sum", () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);
  expect(table(report, { color: false })).toBe(`\
STATUS                REGION   REASON          REQUEST ID
✔ COMPLIANT           cn-r0    ACTIVATED       REQUEST-0
✖ NON_COMPLIANT       cn-r1    NOT_ACTIVATED   REQUEST-1
? INSUFFICIENT_DATA   cn-r2    TIMEOUT         REQUEST-2

✖ cn-r1  What is the matter with cn-r1.
? cn-r2  What is the matter with cn-r2.

3 regions of account 1234567890123456: 1 compliant, 1 not compliant, 1 could not be read (1.2 s)
`);
});

test("colours follow the status, and the text stays the same without them", () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);
  const colored = table(report, { color: true });
  expect(colored).toContain("\u001b[32m✔ COMPLIANT");
  expect(colored).toContain("\u001b[31m✖ NON_COMPLIANT");
  expect(colored).toContain("\u001b[33m? INSUFFICIENT_DATA");
  const plain = (text: string): string => stripVTControlCharacters(text).replaceAll(/ +$/gm, "");
  expect(plain(colored)).toBe(plain(table(report, { color: false })));
});
