import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { checkText } from "./check-text.ts";
import { ENV, HOOK, TEXT } from "./s-yaml.ts";

const ORGANIZATION = readFileSync(new URL("../../s.organization.yaml", import.meta.url), "utf8");
const MEMBERS = {
  ...ENV,
  FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
  FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
};
const SMALL = "Deploy s.organization.yaml, as docs/deploy.md says";

function entries(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index + 1), roleName: "r" }));
}

/** Checks a template, with a packed file. */
function check(values: object, { large = false, env = MEMBERS, change = (text: string) => text }) {
  const file = { name: "flowlog-guard.yaml", values };
  return large
    ? checkText(change(ORGANIZATION), env, file, [TEXT])
    : checkText(change(TEXT), env, file);
}

describe("a deployment warns of functions that are too small for their accounts", () => {
  test("both of s.yaml for an organization", () => {
    const says = (name: string) =>
      `resources.${name}.props: may be too small for organization: with 120 seconds, 0.25 vCPU and 256 MB, one run audits about 300 accounts at most, because more need 512 MB. ${SMALL}`;
    expect(check({}, {})).toMatchObject({
      problems: [],
      warnings: [says("flowlog-guard-check"), says("flowlog-guard-audit")],
    });
  });

  test.each<[what: string, values: object, count: number]>([
    ["one account", {}, 0],
    ["300 accounts", { accounts: entries(300) }, 0],
    ["301 accounts", { accounts: entries(301) }, 2],
  ])("s.yaml with %s", (_what, values, count) => {
    const { FLOWLOG_GUARD_ORGANIZATION_ROLE: _role, ...env } = MEMBERS;
    const { problems, warnings } = checkText(TEXT, env, { name: "f.yaml", values });
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(count);
  });

  test("none of s.organization.yaml, also with all rules", () => {
    expect(check({}, { large: true })).toMatchObject({ problems: [], warnings: [] });
    expect(check({ rules: "all" }, { large: true }).warnings).toEqual([]);
  });

  test.each<[from: string, to: string, says: string]>([
    // 60 seconds, of which 36 are for the audit.
    [
      "timeout: 900 #",
      "timeout: 60 #",
      "60 seconds, 1 vCPU and 1024 MB, one run audits about 2000",
    ],
    ["cpu: 1\n\n", "cpu: 0.25\n\n", "900 seconds, 0.25 vCPU and 1024 MB"],
  ])("%s instead of %s in s.organization.yaml", (from, to, says) => {
    const values = {
      rules: ["flow-log-service-activated", "flow-log-retention", "vpc-flow-log-active"],
    };
    const asked = to.startsWith("cpu") ? values : {};
    const { warnings } = check(asked, { large: true, change: (text) => text.replace(from, to) });
    const about = warnings.filter((warning) => warning.includes("may be too small"));
    expect(about).toEqual([expect.stringContaining(says)]);
    expect(about.join()).toContain(SMALL);
  });

  test("a deadline of the configuration that is shorter than the function's time", () => {
    const { warnings } = check({ deadline: "20s" }, { large: true });
    expect(warnings[0]).toContain(
      "about 1100 accounts at most, because each answer takes some 0.6",
    );
    expect(warnings[0]).toContain("Give it more time and a greater size, or divide the accounts");
  });
});

describe("parts of a run", () => {
  const withoutAudit = (text: string) => text.slice(0, text.indexOf("  # Delete this resource"));

  test("need the audit function, or another one by its name", () => {
    const { problems } = check({ fanOut: { parts: 4 } }, { change: withoutAudit });
    expect(problems).toEqual([
      "fanOut.parts: needs flowlog-guard-audit, which audits the parts: deploy it too, or name another function in fanOut.function",
    ]);
    const other = { fanOut: { parts: 4, function: "other-audit" } };
    expect(check(other, { change: withoutAudit }).problems).toEqual([]);
    expect(check({ fanOut: { parts: 4 } }, {}).problems).toEqual([]);
    expect(check({}, { change: withoutAudit }).problems).toEqual([]);
  });
});
