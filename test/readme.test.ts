import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { blocksIn, countWords, linksIn, sectionOf } from "./harness/markdown.ts";

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

const README = read("README.md");

describe("the README", () => {
  test.each(["README.md", "README.zh-CN.md"])(
    "has at most 900 words beside its code blocks: %s",
    (path) => {
      expect(countWords(read(path))).toBeLessThanOrEqual(900);
    },
  );

  test("begins its main way within the first screen", () => {
    const before = README.slice(0, README.indexOf("\n## Try it\n"));
    expect(before.split("\n").length).toBeLessThan(25);
  });

  test("deploys with the commands of the guide, which a test follows", () => {
    const guide = read("docs/deploy.md");
    const [script = ""] = blocksIn("sh", sectionOf("Deploy it", README));
    const commands = script
      .split("\n")
      .map((line) => line.replace(/ +#.*/, ""))
      .filter((line) => /^(aliyun|npm|export|flowlog-guard) /.test(line));
    expect(commands).toHaveLength(9);
    for (const command of commands) expect(guide).toContain(command);
  });

  test("installs the file that npm pack writes", () => {
    const { name, version } = JSON.parse(read("package.json"));
    expect(README).toContain(`npm install --global ./${name}-${version}.tgz\n`);
  });

  test("lists every guide once, by its file's name", () => {
    const guides = readdirSync(new URL("../docs", import.meta.url)).filter((name) =>
      /^[a-z-]+\.md$/.test(name),
    );
    const listed = linksIn(sectionOf("Guides", README)).filter((link) => link.startsWith("docs/"));
    expect(listed.toSorted()).toEqual(guides.map((name) => `docs/${name}`).toSorted());
  });

  test("shows small pictures, which load with it", () => {
    const pictures = linksIn(README).filter((link) => /\.(svg|webp)$/.test(link));
    expect(pictures).toEqual(["docs/audit.svg", "docs/alert.svg"]);
    for (const path of pictures) expect(read(path).length).toBeLessThan(50_000);
  });
});

test.each([
  ["one two-three `four` | five |", 6],
  ["# Title\n\n```sh\nnot counted\n```\n\nend", 3],
  ["流日志功能已开通", 5],
  ["在 CI 中运行 `audit`。", 5],
  ["- **证据**，见[证据](docs/evidence.md)", 4],
])("counts the words of %j: %d", (text, count) => {
  expect(countWords(text)).toBe(count);
});
