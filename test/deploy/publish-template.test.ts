import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import artTemplate from "art-template";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";

import { templateText } from "../../scripts/serverless-devs/template-text.ts";
import { writeTemplate } from "../../scripts/serverless-devs/write-template.ts";
import { checkText } from "./check-text.ts";
import { ENV, HOOK, templateOf, TEXT } from "./s-yaml.ts";

const folder = mkdtempSync(join(tmpdir(), "flowlog-guard-publish-"));
beforeAll(async () => writeTemplate(folder, inject("dist"), "1.2.3"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Parameter {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly default?: string;
  readonly pattern: string;
  readonly "x-range": number;
}

function publish() {
  return parse(readFileSync(join(folder, "publish.yaml"), "utf8"));
}

function parameters(): [string, Parameter][] {
  return Object.entries(publish().Parameters.properties);
}

/** Our own checks ask for the build, which the template does not need. */
const [BUILD = ""] = /^actions:\n(?: .*\n)+/m.exec(TEXT) ?? [];

/** Fills in s.yaml as Serverless Devs does: with what is answered, else the defaults. */
function fillIn(given: Readonly<Record<string, string>>): string {
  const defaults = parameters().flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  );
  const text = readFileSync(join(folder, "src/s.yaml"), "utf8");
  const data = { ...Object.fromEntries(defaults), ...given, access: "default" };
  return artTemplate.render(text, data, { escape: false }) + BUILD;
}

describe("s.yaml of the template", () => {
  test("is, filled in with the defaults, the one of the project without a build", () => {
    const { template, problems } = checkText(fillIn(ENV), {}, null);
    expect(problems).toEqual([]);
    const [, { default: SCHEDULE = "" }] = parameters().find(([name]) => name === "SCHEDULE") ?? [
      "",
      {},
    ];
    // The function is told its schedule, although nobody chose it.
    expect(template).toEqual(templateOf({ ...ENV, SCHEDULE }));
    expect(SCHEDULE).toBe(templateOf().vars?.["schedule"]);
  });

  test("takes every answer, and each into the place of its variable", () => {
    const answers = {
      ...ENV,
      DEPLOY_NAME: "prod",
      ROLE_NAME: "auditor",
      SCHEDULE: "@every 5m",
      FLOWLOG_GUARD_REGIONS: "!cn-wuhan,all",
      FLOWLOG_GUARD_RULES: "all",
      FLOWLOG_GUARD_STATE: "oss://my-bucket/flowlog-guard/",
      FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
    };
    expect(Object.keys(answers).toSorted()).toEqual(
      parameters()
        .map(([name]) => name)
        .toSorted(),
    );
    const { template, problems } = checkText(fillIn(answers), {}, null);
    expect(problems).toEqual([]);
    expect(template).toEqual(templateOf(answers));
  });

  test("reads secrets when it is deployed, and asks for none", () => {
    const secrets = {
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
      FLOWLOG_GUARD_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      FLOWLOG_GUARD_HEARTBEAT_URL: `${HOOK}/beat`,
      FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
    };
    const text = fillIn({ ...ENV, FLOWLOG_GUARD_ORGANIZATION_ROLE: "audit" });
    const { template } = checkText(text, secrets, null);
    expect(template?.resources["flowlog-guard-check"]?.props.environmentVariables).toMatchObject(
      secrets,
    );
    const names = parameters().map(([name]) => name);
    for (const name of Object.keys(secrets)) expect(names).not.toContain(name);
  });

  test("fails to be made where s.yaml has no such variable", () => {
    expect(() => templateText(TEXT, ["NOT_THERE"])).toThrow("NOT_THERE");
    expect(() => templateText(TEXT.replace(/^access: .*$/m, ""), [])).toThrow("access");
    expect(() => templateText(TEXT.replace(/^actions:$/m, "others:"), [])).toThrow("actions");
  });
});

describe("publish.yaml", () => {
  test("names the project, and the version of the release", () => {
    expect(publish()).toMatchObject({
      Edition: "3.0.0",
      Type: "Project",
      Name: "flowlog-guard",
      Version: "1.2.3",
      Description: expect.stringMatching(/\p{Script=Han}.*VPC flow log service/u),
    });
  });

  test("describes each parameter in both languages, in an order", () => {
    const { required } = publish().Parameters;
    const withoutDefault = parameters().filter(([, { default: value }]) => value === undefined);
    expect(withoutDefault.map(([name]) => name)).toEqual(required);
    expect(parameters().map(([, parameter]) => parameter["x-range"])).toEqual(
      parameters().map((_, index) => index + 1),
    );
    for (const [, { type, title, description }] of parameters()) {
      expect(type).toBe("string");
      expect(title).toMatch(/\p{Script=Han}.*\([a-z -]+\)$/u);
      expect(description).toMatch(/\p{Script=Han}|[a-z]/u);
    }
  });

  test.each([
    ["DEPLOY_REGION", "cn-hangzhou", 'cn"'],
    ["ACCOUNT_ID", "1234567890123456", "me"],
    ["SCHEDULE", "CRON_TZ=Asia/Shanghai 0 17 * * * *", 'x"y'],
    ["FLOWLOG_GUARD_REGIONS", "!cn-wuhan,cn-*", "${x}"],
    ["FLOWLOG_GUARD_STATE", "oss://b/p/?region=cn-hangzhou", "file:/tmp/x"],
  ])("takes for %s only what cannot end the value in s.yaml", (name, good, bad) => {
    const { pattern } = publish().Parameters.properties[name];
    expect(good).toMatch(new RegExp(pattern));
    expect(bad).not.toMatch(new RegExp(pattern));
  });

  test("has defaults that fit their own patterns", () => {
    const unfit = parameters().filter(
      ([, { default: value, pattern }]) => value !== undefined && !new RegExp(pattern).test(value),
    );
    expect(unfit).toEqual([]);
  });
});

test("the project has the built functions without a configuration, and no secrets in git", () => {
  expect(readdirSync(folder).toSorted()).toEqual(["publish.yaml", "readme.md", "src"]);
  expect(readdirSync(join(folder, "src")).toSorted()).toEqual([
    ".gitignore",
    "dist",
    "readme.md",
    "s.yaml",
  ]);
  for (const name of ["check", "audit"]) {
    const built = readFileSync(join(inject("dist"), name, "index.js"));
    expect(built.equals(readFileSync(join(folder, "src/dist", name, "index.js")))).toBe(true);
  }
  expect(readFileSync(join(folder, "src/.gitignore"), "utf8").split("\n")).toContain(".env");
});
