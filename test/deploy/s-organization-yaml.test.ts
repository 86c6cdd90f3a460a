import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv } from "ajv";
import { beforeEach, describe, expect, test } from "vitest";

import { auditTimeMs } from "../../shared/entry/function-context.ts";
import { checkText } from "./check-text.ts";
import { DEPLOYED, deployIn, ENV as DEPLOY_ENV, useDeployProject } from "./deploy-project.ts";
import { ABSENT, info } from "./recorded-info.ts";
import { ENV, HOOK, TEXT as BASE, templateOf } from "./s-yaml.ts";
import { callsOf } from "./serverless-devs.ts";

const TEXT = readFileSync(new URL("../../s.organization.yaml", import.meta.url), "utf8");
const SIZE = { timeout: 900, memorySize: 1024, cpu: 1 };
const KEYS = ["flowlog-guard-check", "flowlog-guard-audit"] as const;

function check(text = TEXT, env: Record<string, string> = ENV) {
  return checkText(text, env, null, [BASE]);
}

describe("s.organization.yaml", () => {
  test("can be deployed with what s.yaml needs, and warns of nothing else", () => {
    const env = {
      ...ENV,
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
      FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
      FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
    };
    expect(check(TEXT, env)).toMatchObject({ problems: [], warnings: [] });
  });

  test("differs from s.yaml in the size and the time-out of both functions, and in nothing else", () => {
    const { template } = check();
    for (const key of KEYS) {
      const small = templateOf().resources[key]?.props;
      expect(small).toMatchObject({ timeout: 120, memorySize: 256, cpu: 0.25 });
      expect(template?.resources[key]?.props).toEqual({ ...small, ...SIZE });
    }
    const { resources: _resources, ...rest } = templateOf();
    expect(template).toMatchObject(rest);
  });

  test("leaves room for every try of a run before its event expires", () => {
    const { timeout = 0, asyncInvokeConfig } = check().template?.resources[KEYS[0]]?.props ?? {};
    const tries = 1 + (asyncInvokeConfig?.maxAsyncRetryAttempts ?? 0);
    expect(tries * timeout).toBeLessThan(asyncInvokeConfig?.maxAsyncEventAgeInSeconds ?? 0);
  });

  test("has the figures of the guide, as s.yaml has", () => {
    const guide = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
    const rows = [templateOf(), check().template].map((template) => {
      const {
        timeout = 0,
        cpu = 0,
        memorySize = 0,
        diskSize = 0,
      } = template?.resources[KEYS[0]]?.props ?? {};
      const units = cpu + (memorySize / 1_024) * 0.15 + (diskSize / 1_024) * 0.05;
      return {
        time: `${timeout} s, ${auditTimeMs({ function: { timeout } }) / 1_000} s`,
        size: `${cpu} vCPU, ${memorySize.toLocaleString("en")} MB`,
        units: Number(units.toFixed(4)),
      };
    });
    const row = (cell: (of: (typeof rows)[number]) => string | number) =>
      rows.map(cell).join(" | ");
    expect(guide).toContain(`| ${row(({ time }) => time)} |`);
    expect(guide).toContain(`| ${row(({ size }) => size)} |`);
    expect(guide).toContain(`| ${row(({ units }) => units)} |`);
  });

  test("is valid by the component's schema", () => {
    const schema = JSON.parse(
      readFileSync(new URL("../../deploy/fc3/schema.json", import.meta.url), "utf8"),
    );
    const isValid = new Ajv({ strict: false }).compile(schema);
    for (const { props } of Object.values(check().template?.resources ?? {})) {
      isValid(props);
      expect(isValid.errors).toBeNull();
    }
  });
});

/** A replacement in s.organization.yaml, and the problem that the check of the merged file reports. */
const MUTATIONS: readonly (readonly [trap: string, from: string, to: string, says: string])[] = [
  [
    "a time-out as a text",
    "timeout: 900",
    "timeout: '900'",
    "check.props.timeout: must be a whole",
  ],
  ["a misspelt time-out", "timeout: 900", "timeOut: 900", "props.timeOut: is not a known key"],
  [
    "a time-out too long",
    "timeout: 900",
    "timeout: 86401",
    "props.timeout: must be a whole number",
  ],
  ["a misspelt memory", "memorySize: 1024", "memory: 1024", "props.memory: is not a known key"],
  ["the memory of s.yaml", "memorySize: 1024", "memorySize: 256", "cpu: must go with memorySize"],
  ["no memory", "      memorySize: 1024 # MB\n", "", "check.props.cpu: must go with memorySize"],
  ["memory of no value", "memorySize: 1024", "memorySize: 1000", "must be a multiple of 64"],
  ["too little CPU", "cpu: 1\n\n", "cpu: 0.2\n\n", "cpu: must go with memorySize"],
  ["a CPU as a text", "cpu: 1\n\n", 'cpu: "1"\n\n', "cpu: must be a number, without quotes"],
  ["a misspelt function", "  flowlog-guard-audit:", "  flowlog-guard-audi:", "flowlog-guard-audi"],
  [
    "no props",
    "    props:\n      timeout: 900 # s",
    "    timeout: 900\n    props: # s",
    "check.timeout: is not a",
  ],
  ["a function taken out", "cpu: 1\n\n", "cpu: 1\n\n  other:\n", "resources.other: has no value"],
  [
    "another component",
    "  flowlog-guard-check:",
    "  flowlog-guard-check:\n    component: fc3",
    'flowlog-guard-check.component: must be "fc3@0.1.22"',
  ],
  ["a key on the wrong level", "extend:", "timeout: 900\nextend:", "timeout: is not a known key"],
];

describe("a change that breaks s.organization.yaml is found in the merged file", () => {
  test.each(MUTATIONS)("%s", (_trap, from, to, says) => {
    const text = TEXT.replace(from, to);
    expect(text).not.toBe(TEXT);
    expect(check(text).problems.join("\n")).toContain(says);
  });

  test("a fault of s.yaml below it", () => {
    const base = BASE.replace("enable: true", "enabled: true");
    expect(checkText(TEXT, ENV, null, [base]).problems.join()).toContain("enabled: is not a known");
  });
});

describe("npm run deploy -- -t s.organization.yaml", () => {
  const project = useDeployProject();
  const args = ["-t", "s.organization.yaml"];
  beforeEach(() => writeFileSync(join(project.folder, "s.organization.yaml"), TEXT));

  const large = (change: (found: Record<string, unknown>) => void = () => {}): string =>
    info((all) => {
      for (const key of KEYS) Object.assign(all[key], SIZE);
      change(all["flowlog-guard-audit"]);
    });

  test("deploys, and reads back the size", async () => {
    const behaviour = { deploy: DEPLOYED, info: large() };
    const { exitCode, stdout, stderr } = await deployIn(project, behaviour, { args });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("flowlog-guard-check and flowlog-guard-audit are deployed as s.yaml");
    for (const call of callsOf(project.binDir).slice(1)) expect(call.args.slice(-2)).toEqual(args);
  });

  test.each([
    ["timeout", 120, "timeout is 120, and should be 900"],
    ["memorySize", 256, "memorySize is 256, and should be 1024"],
    ["cpu", 0.25, "cpu is 0.25, and should be 1"],
  ])("fails where the %s that is deployed is another", async (name, value, says) => {
    const behaviour = { deploy: DEPLOYED, info: large((found) => (found[name] = value)) };
    const { exitCode, stderr } = await deployIn(project, behaviour, { args });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`  - flowlog-guard-audit: ${says}\n`);
  });

  test("plans with the external id masked", async () => {
    const output = "vars:\n  externalId: id-5c21\nflowlog-guard-check:\n    cpu: 0.25 => 1\n";
    const { exitCode, stdout } = await deployIn(
      project,
      { plan: { output, exitCode: 0 }, failures: ABSENT },
      {
        args: [...args, "--plan"],
        env: {
          ...DEPLOY_ENV,
          FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
          FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
        },
      },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("  externalId: ***\n");
    expect(stdout).toContain("    cpu: 0.25 => 1\n");
    expect(stdout).not.toContain("5c21");
  });

  test("is what a plan of s.yaml advises for an organization", async () => {
    const behaviour = { plan: { output: "", exitCode: 0 }, failures: ABSENT };
    const env = { ...DEPLOY_ENV, FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit" };
    const small = await deployIn(project, behaviour, { args: ["--plan"], env });
    expect(small.exitCode).toBe(0);
    for (const key of KEYS) {
      expect(small.stdout).toContain(
        `deploy: warning: resources.${key}.props: may be too small for organization: with 120 s`,
      );
    }
    rmSync(project.binDir, { recursive: true });
    const { stdout } = await deployIn(project, behaviour, { args: [...args, "--plan"], env });
    expect(stdout).not.toContain("warning");
  });

  test("needs s.yaml beside it", async () => {
    writeFileSync(
      join(project.folder, "s.organization.yaml"),
      TEXT.replace("extend: ./s.yaml", "extend: ./s.yml"),
    );
    const { exitCode, stderr } = await deployIn(project, {}, { args });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("s.yml: is not there");
  });
});
