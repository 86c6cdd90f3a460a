import Papa from "papaparse";
import { expect, test } from "vitest";

import { historyFormatOf } from "../../../shared/history/history-formats.ts";
import { canonicalJson } from "../../../shared/text/canonical-json.ts";
import { HISTORY_OPTIONS, HOSTILE_NAME, sampleHistory } from "./sample-history.ts";

/** Characters that change what a terminal shows, or how. */
const INVISIBLE = /[^\P{C}\n\t]/u;

test("the table has hostile names as one line of what can be seen", async () => {
  const text = await historyFormatOf("table").render(sampleHistory(), HISTORY_OPTIONS);
  expect(text).not.toMatch(INVISIBLE);
  expect(text).toContain("=cmd|'/c calc'!A1<img src=x onerror=alert(1)></script>\"|[31m __proto__");
  // Each subject has a line, and no name adds one.
  expect(text.split("\n").filter((line) => /^[✔✖?-] [A-Z_]+/.test(line))).toHaveLength(5);
});

test("no cell of the CSV begins a formula, and a reader gets every row", async () => {
  const text = await historyFormatOf("csv").render(sampleHistory(), HISTORY_OPTIONS);
  const { data, errors } = Papa.parse<Record<string, string>>(text.slice(1), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  // Two controls of each rule.
  expect(data).toHaveLength(10);
  for (const row of data) {
    expect(Object.keys(row)).toHaveLength(26);
    expect(row["account_name"]?.startsWith("'=cmd|")).toBe(true);
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@]/);
  }
});

test("JSON keeps every name, and nothing that a terminal would obey", async () => {
  const text = await historyFormatOf("json").render(sampleHistory(), HISTORY_OPTIONS);
  expect(text).not.toMatch(INVISIBLE);
  expect(JSON.parse(text).subjects[0].accountName).toBe(HOSTILE_NAME);
});

test("the page embeds its JSON so that it ends no script, and is the same on every run", async () => {
  const page = await historyFormatOf("html").render(sampleHistory(), HISTORY_OPTIONS);
  expect(page).toBe(await historyFormatOf("html").render(sampleHistory(), HISTORY_OPTIONS));
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page).not.toContain("<img");
  const [, json = ""] = /id="history">\n(.*)\n<\/script>/.exec(page) ?? [];
  expect(canonicalJson(JSON.parse(json)).replaceAll("<", "\\u003c")).toBe(json);
  // Sixty kilobytes would be a page of thirty regions; this one has two months.
  expect(Buffer.byteLength(page)).toBeLessThan(60_000);
});

test("no English is left over in a Chinese table, but ids, names and codes", async () => {
  const options = { ...HISTORY_OPTIONS, language: "zh" } as const;
  for (const columns of [null, 80]) {
    const text = await historyFormatOf("table").render(sampleHistory(), { ...options, columns });
    const [cleanName = ""] = /=cmd.*?__proto__/.exec(text) ?? [];
    const known =
      /flow-log-service-activated|vpc-flow-log-active|CIS Alibaba Cloud Foundation Benchmark|VPC|UTC|ram-user|Else|ActionTrail|AccessKey|file:.\/evidence\/|(cn|vpc|fl)-\w+|(Create|Delete|Modify|Deactive|Active)\w*FlowLog|\b[A-Z_]{6,}\b/g;
    const rest = text.replaceAll(cleanName, " ").replaceAll(known, " ");
    expect(rest.match(/[A-Za-z]{2,}/g) ?? []).toEqual([]);
  }
});

test("a page begins with the language that is asked for", async () => {
  const page = await historyFormatOf("html").render(sampleHistory(), {
    ...HISTORY_OPTIONS,
    language: "zh",
  });
  expect(page).toContain('<html lang="zh-Hans" data-language="zh">');
  expect(page).toMatch(/<span lang="zh">[^<]*操作审计/);
});
