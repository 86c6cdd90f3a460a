import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { MAX_PARTS } from "../../shared/config/accounts.ts";
import { DEFAULT_CONFIG } from "../../shared/config/config.ts";
import { problemsOfFile } from "../../shared/config/layer.ts";
import { organizationPolicy } from "../../shared/entry/organization-policy.ts";
import { isTooLarge } from "../../shared/fan-out/is-too-large.ts";
import { rolesPerSecondOf } from "../../shared/fan-out/part.ts";
import { runMain } from "../harness/run-main.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GUIDE = read("docs/organization.md");
const SECURITY = "1234567890123456";
const EXTERNAL_ID = "external-id-7f3a";
const ORGANIZATION = {
  FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
  FLOWLOG_GUARD_EXTERNAL_ID: EXTERNAL_ID,
};

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The text of the guide's fenced blocks in a language. */
function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => String(text),
  );
}

/** The anchors of a file's headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("the guide to organizations", () => {
  test("links to existing files and headings", () => {
    const links = [...GUIDE.matchAll(/\]\(([^):]+)\)/g)].map(([, link]) => String(link));
    expect(links.length).toBeGreaterThan(15);
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const file = join("docs", path === "" ? "organization.md" : path);
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test("shows valid configuration files", () => {
    const files = blocks("yaml");
    expect(files).toHaveLength(3);
    for (const file of files) {
      expect(problemsOfFile({ name: "organization.md", values: parse(file) })).toEqual([]);
    }
  });

  test("has a row for every action of the policies, and for every way to skip an account", () => {
    const actions = [...GUIDE.matchAll(/^\| `(\w+:\w+)` \|/gm)].map(([, action]) => action);
    const config = { ...DEFAULT_CONFIG, fanOut: { parts: 2, function: null } };
    const organization = { ...config.organization, roleName: "r" };
    const auditFunction = { accountId: "*", regionId: "*", name: "f" };
    const { policy } = organizationPolicy({ ...config, organization }, [], {
      accountId: "*",
      auditFunction,
    });
    expect(new Set(actions)).toEqual(new Set(policy.Statement.map(({ Action }) => Action)));
    const [, codes = ""] =
      /SkippedAccount \{.*?code: ([^;]+);/s.exec(read("shared/audit/report.ts")) ?? [];
    const known = [...codes.matchAll(/"(\w+)"/g)].map(([, code]) => code);
    const rows = [...GUIDE.matchAll(/^\| `"status": "skipped"`, `(\w+)` \|/gm)].map(
      ([, code]) => code,
    );
    expect(rows).toEqual(known);
  });

  test("has the limits that a run keeps to", () => {
    const words = GUIDE.replaceAll(/\s+/g, " ");
    expect(words).toContain(`at most ${rolesPerSecondOf({ count: 1 })} a second`);
    const account = { id: "1", name: null, role: null, regionIds: Array<string>(30).fill("cn-a") };
    const accountsOf = (count: number) => Array<typeof account>(count).fill(account);
    const [, most = ""] =
      /with more than ([\d,]+) accounts of 30 regions and one rule/.exec(words) ?? [];
    const count = Number(most.replace(",", ""));
    expect(isTooLarge(accountsOf(count), 1, 3_600_000)).toBe(false);
    expect(isTooLarge(accountsOf(count + 1), 1, 3_600_000)).toBe(true);
    expect(words).toContain(`at most ${MAX_PARTS} parts`);
  });
});

describe("the samples for RAM", () => {
  test("have the policy of an organization", async () => {
    const { stdout } = await runMain(["policy"], ORGANIZATION);
    expect(JSON.parse(read("docs/ram/policy-organization.json"))).toEqual(JSON.parse(stdout));
  });

  test("have the policies of the role in other accounts, for all rules", async () => {
    const args = ["policy", "--member", "--rules", "all", "--account", SECURITY];
    const { stdout } = await runMain(args, {
      ...ORGANIZATION,
      FLOWLOG_GUARD_EXTERNAL_ID: "replace-this-external-id",
    });
    expect({
      policy: JSON.parse(read("docs/ram/policy-member.json")),
      trust: JSON.parse(read("docs/ram/trust-policy-member.json")),
    }).toEqual(JSON.parse(stdout));
  });

  test("let Function Compute, as policy --trust does, and the own account assume its role", async () => {
    const { Statement } = JSON.parse(read("docs/ram/trust-policy-organization.json"));
    const { stdout } = await runMain(["policy", "--trust"]);
    expect(Statement.slice(0, 1)).toEqual(JSON.parse(stdout).Statement);
    expect(Statement.slice(1)).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { RAM: [`acs:ram::${SECURITY}:root`] },
      },
    ]);
  });
});
