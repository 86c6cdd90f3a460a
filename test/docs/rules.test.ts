import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { DEFAULT_RULE_SETTINGS, TRAFFIC_TYPES } from "../../shared/audit/rule-settings.ts";
import { problemsOfFile } from "../../shared/config/layer.ts";
import { RULE_IDS } from "../../shared/rules/rule-ids.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import { blocksIn, sectionOf } from "../harness/markdown.ts";

const GUIDE = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");
const RULES = await loadRules(RULE_IDS);

const unbroken = (text: string): string => text.replaceAll(/\s+/g, " ");

test("the guide to rules has a section for each rule, in their order, and for no other", () => {
  const headings = [...GUIDE.matchAll(/^## `([^`]+)`$/gm)].map(([, id]) => id);
  expect(headings).toEqual([...RULE_IDS]);
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))("the guide to %s", (id, rule) => {
  const section = sectionOf(`\`${id}\``, GUIDE);

  test("has a row for each reason, with its status, and for no other", () => {
    const rows = [...section.matchAll(/^\| `([A-Z_]+)` \| `([A-Z_]+)` \| .+ \| .+ \|$/gm)].map(
      ([, code, status]) => [code, status],
    );
    const reasons = Object.entries(rule.reasons).map(([code, { status }]) => [code, status]);
    expect(new Map(rows.map(([code, status]) => [code, status]))).toEqual(
      new Map(reasons.map(([code, status]) => [code, status])),
    );
    expect(rows).toHaveLength(reasons.length);
  });

  test("names its severity, its permissions, its alerts and what it does not prove", () => {
    const text = unbroken(section);
    expect(text).toContain(`Severity: ${rule.severity}.`);
    const { open, unreadable } = rule.alertNames;
    expect(text).toContain(`Alert names: \`${open}\`, \`${unreadable}\`.`);
    const [, permissions = ""] = /Permissions: ((?:`[^`]+`(?:, )?)+)\./.exec(text) ?? [];
    expect(permissions).toBe(rule.permissions.map(({ action }) => `\`${action}\``).join(", "));
    expect(text).toContain(
      `It does not prove ${rule.doesNotProve.replace(/: .*/, "")}`.slice(0, 60),
    );
  });

  test("names its controls and how it relates to them", () => {
    const text = unbroken(section);
    expect(/CIS/.test(text)).toBe(rule.controls.length > 0);
    for (const { framework, version, id: control, relation } of rule.controls) {
      expect(text).toContain(`${framework} ${version}`);
      expect(text).toContain(control);
      expect(text).toMatch(relation === "implements" ? /It implements/ : /It is a precondition of/);
    }
  });

  test("names its parameters, with their defaults", () => {
    const defaults = new Map(Object.entries(DEFAULT_RULE_SETTINGS)).get(id) ?? {};
    const text = unbroken(section).split("Parameters: ")[1] ?? "";
    expect(text.startsWith("none. ")).toBe(Object.keys(defaults).length === 0);
    for (const [name, value] of Object.entries(defaults)) {
      expect(text).toContain(`\`${name}\``);
      expect(text).toContain(String(value));
    }
  });
});

test("the guide to rules names the families of which a remedy says that they prevent flow logs", () => {
  const active = RULES.find(({ id }) => id === "vpc-flow-log-active");
  const resource = { type: "ACS::VPC::VPC", id: "vpc-1" };
  const subject = { regionId: "cn-hangzhou", resource, reason: { code: "NO_FLOW_LOG" } };
  const { before } = active?.remedy(subject) ?? {};
  const [families = ""] = /ecs\.c1.*xn4/.exec(before?.en ?? "") ?? [];
  expect(families.split(", ")).toHaveLength(27);
  expect(unbroken(GUIDE)).toContain(families);
  expect(before?.zh).toContain(families.replaceAll(", ", "、"));
});

test("the table of rules has a row for each, in their order, with its settings and their defaults", () => {
  const rows = [...sectionOf("Choose rules", GUIDE).matchAll(/^\| `([a-z-]+)` \|.*\| (.*) \|$/gm)];
  expect(rows.map(([, id]) => id)).toEqual([...RULE_IDS]);
  const settings = rows.flatMap(([, id = "", cell = ""]) => {
    const [, name] = /^`(\w+)`: /.exec(cell) ?? [];
    const [, value = ""] = /`?(\w+)`? (?:\(the default\)|by default)/.exec(cell) ?? [];
    return name === undefined ? [] : [[id, { [name]: Number(value) || value }] as const];
  });
  expect(Object.fromEntries(settings)).toEqual(DEFAULT_RULE_SETTINGS);
  const traffic = rows.map(([, , cell]) => cell).join();
  for (const type of TRAFFIC_TYPES) expect(traffic).toContain(`\`${type}\``);
});

test("the guide to rules shows a valid configuration file", () => {
  const [file = "", ...others] = blocksIn("yaml", GUIDE);
  expect(others).toEqual([]);
  expect(problemsOfFile({ name: "rules.md", values: parse(file) })).toEqual([]);
});
