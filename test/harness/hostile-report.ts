import type { Report } from "../../shared/audit/report.ts";
import { resourceReport } from "./resource-report.ts";

/** Names and texts that mean something to a spreadsheet, a browser, a terminal, a chat or a parser. */
export const HOSTILE_TEXTS: readonly string[] = [
  "=1+1",
  "@SUM(A1)",
  "<script>alert(1)</script>",
  "a|b`c`",
  "\"quoted\" 'single' \\back",
  "\u001b[31mred\u001b[0m \u009b32m",
  "\ud800 lone",
  "\u202egnp.exe\u2066",
  "line\nbreak\r\nand\u2028more\ttab",
  "__proto__",
  "constructor",
  "[click](https://evil.example) {0} {1}",
  "]]><!--",
  "名字",
  "x".repeat(10_000),
];

/** A report in which everything that comes from outside is hostile: each text is an id, a name and a message. */
export function hostileReport(): Report {
  const report = resourceReport(
    HOSTILE_TEXTS.flatMap((text, index) => [
      { id: `vpc-${index}`, name: text, message: text },
      { id: text, name: text, regionId: "cn-beijing", status: "COMPLIANT", message: text },
      {
        id: text,
        regionId: "cn-qingdao",
        status: "INSUFFICIENT_DATA",
        code: "TIMEOUT",
        message: text,
      },
    ]),
    ["vpc-flow-log-active"],
  );
  const accounts = report.accounts.map((account) => ({
    ...account,
    name: HOSTILE_TEXTS.join(" "),
  }));
  return { ...report, accounts, warnings: HOSTILE_TEXTS };
}
