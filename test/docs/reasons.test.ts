import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { DEFAULT_RULES } from "../../shared/rules/rules.ts";
import { sectionOf } from "../harness/markdown.ts";

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

const GUIDE = read("docs/reasons.md");

describe("the guide to reasons", () => {
  test("has a row for every status and reason code, and for no other", () => {
    const [declarations = ""] = read("shared/audit/finding.ts").split("export interface");
    const general = [...declarations.matchAll(/"([A-Z_]{4,})"/g)].map(([, code]) => code);
    const known = [...general, ...DEFAULT_RULES.flatMap(({ reasons }) => Object.keys(reasons))];
    const rows = [...GUIDE.matchAll(/^\| `([A-Z_]+)` \| /gm)].map(([, code]) => code);
    expect(new Set(rows)).toEqual(new Set(known));
    expect(rows).toHaveLength(known.length);
  });

  test("states what each default rule proves, and the notes before and after its remedy", () => {
    const section = sectionOf("What an answer proves", GUIDE);
    const remedy = sectionOf("Activate the service", GUIDE);
    for (const rule of DEFAULT_RULES) {
      const { controls } = rule;
      for (const { framework, version, id, relation } of controls) {
        expect(section).toContain(`| ${framework} ${version} |`);
        expect(section).toContain(id);
        expect(section).toContain(`\`${relation}\``);
      }
      const { command, consoleUrl, before, after } = rule.remedy({ regionId: "cn-heyuan" });
      expect(remedy).toContain(`\n${command}\n`);
      expect(remedy).toContain(`\`${consoleUrl}\``);
      for (const promise of ["terms", "cannot be undone", "create a flow log", "an account"]) {
        expect(remedy).toContain(promise);
        expect(`${before?.en} ${after?.note.en}`).toContain(promise);
      }
    }
  });
});
