import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { runMain } from "../harness/run-main.ts";
import { hasAttribute, problemsOfResource, type RosResource } from "./ros-resources.ts";
import { readTemplate, render, type RosParameters, STACK, TEMPLATE_PATH } from "./ros-template.ts";

const TEMPLATE = readTemplate();
const CODE = { CodeBucket: "my-code", CheckObject: "flowlog-guard-check-0.1.0.zip" };
const AUDIT = { AuditObject: "flowlog-guard-audit-0.1.0.zip" };
const ALL = {
  ...CODE,
  ...AUDIT,
  Rules: "all",
  OrganizationRole: "flowlog-guard-audit",
  ExternalId: "external-id",
  WebhookUrl: "https://alerts.example.com/hook",
  WebhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  HeartbeatUrl: "https://heartbeat.example.com/ping",
  StateBucket: "my-state",
  EvidenceBucket: "my-evidence",
  EvidenceDays: 365,
  Size: "organization",
};
const CASES: [string, RosParameters][] = [
  ["the least", CODE],
  ["both functions", { ...CODE, ...AUDIT }],
  ["some regions", { ...CODE, Regions: "cn-hangzhou,cn-shanghai" }],
  ["all rules", { ...CODE, Rules: "all", Regions: "cn-hangzhou" }],
  ["a state", { ...CODE, StateBucket: "my-state", CreateStateBucket: false }],
  ["an organization", { ...CODE, OrganizationRole: "flowlog-guard-audit" }],
  ["all", ALL],
];

function problemsOf(resources: Readonly<Record<string, RosResource>>): string[] {
  return Object.entries(resources).flatMap(([name, resource]) =>
    problemsOfResource(name, resource),
  );
}

/** The variables of a function; those that count as not set are left out. */
function variablesOf(resource: RosResource | undefined): Record<string, string> {
  const given = Object.entries<string>(Object(resource?.Properties["EnvironmentVariables"]));
  return Object.fromEntries(given.filter(([, value]) => value !== "unset"));
}

describe("the resources", () => {
  test.each(CASES)("have only properties that their types have: %s", (_, parameters) => {
    expect(problemsOf(render(TEMPLATE, parameters))).toEqual([]);
  });

  test.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ["unknown", "Check", { Memory: 256 }, "Check.Memory: is no property"],
    ["unknown inside", "Check", { Code: { Zip: "x" } }, "Check.Code.Zip: is no property"],
    ["missing", "Check", { Handler: undefined }, "handler: required but missing"],
    ["of a wrong type", "Check", { Timeout: "long" }, "should be a number"],
    ["out of range", "CheckRetries", { MaxAsyncRetryAttempts: 9 }, "MaxAsyncRetryAttempts"],
    ["of no allowed value", "StateStorage", { AccessControl: "open" }, "accessControl"],
  ])("are checked: %s", (_, name, change, problem) => {
    const { [name]: resource } = render(TEMPLATE, ALL);
    if (resource === undefined) throw new Error(name);
    const broken = { ...resource, Properties: { ...resource.Properties, ...change } };
    expect(
      problemsOf({ [name]: broken })
        .join()
        .toLowerCase(),
    ).toContain(problem.toLowerCase());
  });

  test("have the attributes that are asked for", () => {
    const text = readFileSync(TEMPLATE_PATH, "utf8");
    const asked = [...text.matchAll(/Fn::GetAtt: \[(\w+), (\w+)\]/g)];
    expect(asked.length).toBeGreaterThan(20);
    for (const [, name = "", attribute = ""] of asked) {
      expect([
        name,
        attribute,
        hasAttribute(String(TEMPLATE.Resources[name]?.Type), attribute),
      ]).toEqual([name, attribute, true]);
    }
    expect(hasAttribute("ALIYUN::RAM::Role", "Name")).toBe(false);
  });

  test("there are no buckets, logs and audit function where they are not asked for", () => {
    expect(Object.keys(render(TEMPLATE, { ...CODE, LogProject: "my-logs" }))).toEqual([
      "Role",
      "StatusPolicy",
      "RegionPolicy",
      "Check",
      "CheckRetries",
      "CheckTimer",
    ]);
    const all = render(TEMPLATE, ALL);
    expect(Object.keys(all)).toEqual(Object.keys(TEMPLATE.Resources));
    expect(all["StateStorage"]?.Properties).not.toHaveProperty("VersioningConfiguration");
    expect(all["EvidenceRetention"]?.Properties).toEqual({
      Bucket: "EvidenceStorage_Name",
      RetentionPeriodInDays: 365,
    });
  });
});

describe("the role", () => {
  test.each(CASES)("has the policy that flowlog-guard policy prints: %s", async (_, parameters) => {
    const resources = render(TEMPLATE, parameters);
    const statements = Object.values(resources)
      .filter(({ Type }) => Type === "ALIYUN::RAM::ManagedPolicy")
      .flatMap(({ Properties }) => {
        expect(Properties["Roles"]).toEqual(["Role_RoleName"]);
        return Object(Properties["PolicyDocument"]).Statement;
      });
    const file = new URL("fixtures/parts.yaml", import.meta.url).pathname;
    const parts =
      parameters["AuditObject"] !== undefined && parameters["OrganizationRole"] !== undefined;
    const printed = await runMain(
      ["policy", "--quiet", "--account", STACK.account, ...(parts ? ["--config", file] : [])],
      { ...variablesOf(resources["Check"]), DEPLOY_REGION: STACK.region },
    );
    expect(printed.stderr).toBe("");
    const wanted = JSON.parse(printed.stdout).Statement.map(
      ({ Action, Resource }: Record<string, string>) => `${Action} ${Resource}`,
    );
    expect(new Set(statements.map(({ Action, Resource }) => `${Action} ${Resource}`))).toEqual(
      new Set(wanted),
    );
    expect(statements).toHaveLength(wanted.length);
  });

  test("trusts Function Compute alone", async () => {
    const { stdout } = await runMain(["policy", "--trust"]);
    const { Role } = render(TEMPLATE, CODE);
    expect(Role?.Properties["AssumeRolePolicyDocument"]).toEqual(JSON.parse(stdout));
  });
});

describe("the functions", () => {
  test.each([
    ["Check", "CheckRetries", "CheckTimer", "flowlog-guard-check", "s.yaml", "account"],
    ["Audit", "AuditRetries", "AuditHttp", "flowlog-guard-audit", "s.yaml", "account"],
    [
      "Check",
      "CheckRetries",
      "CheckTimer",
      "flowlog-guard-check",
      "s.organization.yaml",
      "organization",
    ],
  ])(
    "are as in the file of Serverless Devs: %s, %s, %s, %s of %s",
    (name, retries, trigger, key, file, size) => {
      const [base, over] = ["s.yaml", file].map((path) =>
        parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")),
      );
      const props = { ...base.resources[key].props, ...over.resources[key].props };
      const resources = render(TEMPLATE, { ...ALL, Size: size });
      expect(resources[name]?.Properties).toMatchObject({
        FunctionName: key,
        Description: props.description,
        Runtime: props.runtime,
        Handler: props.handler,
        Timeout: props.timeout,
        MemorySize: props.memorySize,
        Cpu: props.cpu,
        DiskSize: props.diskSize,
        InstanceConcurrency: props.instanceConcurrency,
      });
      expect(
        Object.keys(Object(resources[name]?.Properties["EnvironmentVariables"])).toSorted(),
      ).toEqual(Object.keys(props.environmentVariables).toSorted());
      expect(resources[retries]?.Properties).toEqual({
        FunctionName: `${name}_FunctionName`,
        MaxAsyncRetryAttempts: props.asyncInvokeConfig.maxAsyncRetryAttempts,
        MaxAsyncEventAgeInSeconds: props.asyncInvokeConfig.maxAsyncEventAgeInSeconds,
      });
      const [{ triggerName, triggerType, qualifier, triggerConfig }] = props.triggers;
      const cron = triggerType === "timer" && {
        cronExpression: "CRON_TZ=Asia/Shanghai 0 17 * * * *",
      };
      expect(resources[trigger]?.Properties).toEqual({
        FunctionName: `${name}_FunctionName`,
        TriggerName: triggerName,
        TriggerType: triggerType,
        Qualifier: qualifier,
        TriggerConfig: { ...triggerConfig, ...cron },
      });
    },
  );

  test("get variables that the program accepts, and the audit function no receiver", async () => {
    const { Check, Audit } = render(TEMPLATE, ALL);
    const { exitCode, stdout } = await runMain(["config"], variablesOf(Check));
    expect(exitCode).toBe(0);
    expect(stdout).toContain("oss://my-evidence/flowlog-guard/");
    expect(Object.keys(variablesOf(Audit)).toSorted()).toEqual([
      "FLOWLOG_GUARD_EXTERNAL_ID",
      "FLOWLOG_GUARD_ORGANIZATION_ROLE",
      "FLOWLOG_GUARD_REGIONS",
      "FLOWLOG_GUARD_RULES",
    ]);
  });
});

describe("the parameters", () => {
  test.each<[string, RosParameters, string]>([
    ["evidence without a state", { EvidenceBucket: "a-bucket" }, "needs a StateBucket"],
    [
      "one bucket for both",
      { EvidenceBucket: "a-bucket", StateBucket: "a-bucket" },
      "another bucket",
    ],
    ["a secret without an address", { WebhookSecret: "x" }, "which is empty"],
    ["an external id without a role", { ExternalId: "id" }, "which is empty"],
  ])("are refused: %s", (_, given, problem) => {
    expect(() => render(TEMPLATE, { ...CODE, ...given })).toThrow(problem);
  });

  test("are labelled and described in both languages, in one group each", () => {
    const { Metadata } = parse(readFileSync(TEMPLATE_PATH, "utf8"));
    const grouped = Metadata["ALIYUN::ROS::Interface"].ParameterGroups.flatMap(
      ({ Parameters }: { Parameters: string[] }) => Parameters,
    );
    expect(grouped).toEqual(Object.keys(TEMPLATE.Parameters));
    for (const { Label, Description } of Object.values(TEMPLATE.Parameters)) {
      const texts = {
        en: expect.stringMatching(/^[ -~]+$/),
        "zh-cn": expect.stringMatching(/\P{ASCII}|ID/u),
      };
      expect(Label).toEqual(texts);
      expect(Description).toEqual(texts);
    }
  });

  test("that are secrets are not shown, and nothing puts one out", () => {
    const hidden = Object.entries(TEMPLATE.Parameters).flatMap(([name, { NoEcho }]) =>
      NoEcho === true ? [name] : [],
    );
    expect(hidden).toEqual(["ExternalId", "WebhookUrl", "WebhookSecret", "HeartbeatUrl"]);
    const outputs = JSON.stringify(TEMPLATE.Outputs);
    for (const name of hidden) expect(outputs).not.toContain(name);
  });

  test.each([
    [
      "Schedule",
      ["@every 1h", "0 17 * * * *", "CRON_TZ=Asia/Shanghai 0 17 * * * *"],
      ["0 17 * * *", "hourly"],
    ],
    [
      "Regions",
      ["all", "cn-hangzhou", "cn-hangzhou,us-west-1"],
      ["", "ap-*", "cn-hangzhou,", "all,cn-hangzhou"],
    ],
    ["CheckObject", ["a/b-1.zip"], ["a.tar", ""]],
    ["AuditObject", ["", "b.zip"], ["b"]],
    ["Name", ["flowlog-guard"], ["Flowlog", "-a", "a-"]],
    ["WebhookUrl", ["", "https://a.example/x"], ["http://a.example/x"]],
    ["StateBucket", ["", "my-state"], ["My", "a"]],
  ])("have a pattern that fits: %s", (name, good, bad) => {
    const pattern = new RegExp(String(TEMPLATE.Parameters[name]?.["AllowedPattern"]));
    for (const text of good) expect(text).toMatch(pattern);
    for (const text of bad) expect(text).not.toMatch(pattern);
  });
});
