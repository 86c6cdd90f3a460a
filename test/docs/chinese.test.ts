import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";

import { marked, type Token } from "marked";
import { describe, expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url);
const CHINESE_FOLDER = "docs/zh-CN/";

/** Each English text with its Chinese one, as paths in the repository. */
const PAIRS: readonly (readonly [english: string, chinese: string])[] = [
  ["README.md", "README.zh-CN.md"],
  ...readdirSync(new URL("docs", ROOT))
    .filter((name) => name.endsWith(".md"))
    .map((name): [string, string] => [`docs/${name}`, CHINESE_FOLDER + name]),
];

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** All tokens of a text in its order, those inside of others included. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(text), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** What a token and those inside of it have as code, sorted: a translation may change the order. */
function codesIn(tokens: readonly Token[]): readonly string[] {
  const codes: string[] = [];
  void marked.walkTokens([...tokens], (token) => {
    if (token.type === "codespan") codes.push(token["text"]);
  });
  return codes.toSorted();
}

/** How deep each heading is, with the code in it. */
function headingsOf(text: string): readonly string[] {
  return tokensOf(text).flatMap((token) =>
    token.type === "heading"
      ? [`${"#".repeat(token["depth"])} ${codesIn(token.tokens ?? []).join(" ")}`]
      : [],
  );
}

/** The code in each cell of each row of each table: the cells themselves are translated. */
function tablesOf(text: string): readonly (readonly string[])[] {
  return tokensOf(text).flatMap((token) => {
    if (token.type !== "table") return [];
    const rows: readonly (readonly { tokens: Token[] }[])[] = [token["header"], ...token["rows"]];
    return [rows.map((row) => row.map(({ tokens }) => codesIn(tokens).join(" ")).join(" | "))];
  });
}

/** A line of code without its comment, which is translated. */
function withoutComment(line: string): string {
  return line.replace(/(^|\s+)(#|\/\/) .*$/, "");
}

/** The language and the code of each block. */
function blocksOf(text: string): readonly string[] {
  return tokensOf(text).flatMap((token) =>
    token.type === "code"
      ? [`${token["lang"]}\n${String(token["text"]).split("\n").map(withoutComment).join("\n")}`]
      : [],
  );
}

/** The addresses that a text links to, sorted; a file of the repository as the English text's. */
function linksOf(path: string): readonly string[] {
  const links = tokensOf(read(path)).flatMap((token) =>
    token.type === "link" || token.type === "image" ? [String(token["href"])] : [],
  );
  return links
    .map((link) => (/^[a-z]+:/.test(link) ? link : targetOf(path, link)))
    .map((link) => link.replace("README.zh-CN.md", "README.md").replace(CHINESE_FOLDER, "docs/"))
    .toSorted();
}

/** The path in the repository that a link leads to. Headings are translated, and so are anchors. */
function targetOf(path: string, link: string): string {
  const [file = ""] = link.split("#");
  return file === "" ? path : normalize(join(dirname(path), file));
}

/** Texts of a document that have words and no Chinese. */
function untranslated(text: string): readonly string[] {
  return tokensOf(text)
    .filter(({ type }) => type === "paragraph" || type === "heading" || type === "list_item")
    .map(({ raw }) => raw.replaceAll(/`[^`]*`|\]\([^)]*\)|<!--.*?-->/gs, ""))
    .filter((words) => /[a-z]+ [a-z]+ [a-z]+/i.test(words) && !/\p{Script=Han}/u.test(words));
}

describe.each(PAIRS)("%s and %s", (english, chinese) => {
  test("have the same headings, tables, code and links", () => {
    expect(existsSync(new URL(chinese, ROOT))).toBe(true);
    expect(headingsOf(read(chinese))).toEqual(headingsOf(read(english)));
    expect(tablesOf(read(chinese))).toEqual(tablesOf(read(english)));
    expect(blocksOf(read(chinese))).toEqual(blocksOf(read(english)));
    expect(linksOf(chinese)).toEqual(linksOf(english));
  });

  test("leave nothing in English", () => {
    expect(untranslated(read(chinese))).toEqual([]);
  });
});

test("there is no Chinese guide without an English one", () => {
  const names = readdirSync(new URL(CHINESE_FOLDER, ROOT)).map((name) => CHINESE_FOLDER + name);
  expect(names.toSorted()).toEqual(
    PAIRS.slice(1)
      .map(([, chinese]) => chinese)
      .toSorted(),
  );
});
