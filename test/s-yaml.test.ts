import { readFileSync } from "node:fs";

import { Ajv } from "ajv";
import { describe, expect, inject, test } from "vitest";

import { problemsOfBundles } from "../deploy/template/check-bundles.ts";
import { warningOfSchedule } from "../deploy/template/check-schedule.ts";
import { checkText } from "./deploy/check-text.ts";
import { TEXT, ENV, HOOK, problemsOf, templateOf, propsOf } from "./deploy/s-yaml.ts";
import { startEmulator } from "./emulator/emulator.ts";
import { functionContext, functionEnv, invokeCheck } from "./harness/invoke-function.ts";

describe("s.yaml", () => {
  test("can be deployed with an account and a region, and nothing else", () => {
    expect(problemsOf(TEXT)).toEqual([]);
  });

  test.each(Object.keys(templateOf().resources))("the build has the handler of %s", (name) => {
    const { resources, ...rest } = templateOf();
    const only = Object.fromEntries(Object.entries(resources).filter(([key]) => key === name));
    expect(problemsOfBundles({ ...rest, resources: only }, inject("dist"))).toEqual([]);
  });

  test("has the role of the account, by the name in the guide unless another one is given", () => {
    expect(propsOf("flowlog-guard-check").role).toBe(
      "acs:ram::1234567890123456:role/flowlog-guard",
    );
    const env = { ...ENV, ROLE_NAME: "auditor" };
    expect(propsOf("flowlog-guard-audit", env).role).toBe("acs:ram::1234567890123456:role/auditor");
  });

  test("reads regions, rules, organization, schedule, address and secret from the environment", () => {
    const { environmentVariables, triggers } = propsOf("flowlog-guard-check", {
      ...ENV,
      FLOWLOG_GUARD_REGIONS: "cn-*,!cn-wuhan",
      FLOWLOG_GUARD_RULES: "all",
      FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
      FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
      FLOWLOG_GUARD_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      FLOWLOG_GUARD_STATE: "oss://my-bucket/flowlog-guard/",
      FLOWLOG_GUARD_EVIDENCE: "oss://my-evidence/flowlog-guard/",
      FLOWLOG_GUARD_HEARTBEAT_URL: `${HOOK}/beat`,
      SCHEDULE: "@every 5m",
    });
    expect(environmentVariables).toEqual({
      FLOWLOG_GUARD_REGIONS: "cn-*,!cn-wuhan",
      FLOWLOG_GUARD_RULES: "all",
      FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
      FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
      FLOWLOG_GUARD_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      FLOWLOG_GUARD_STATE: "oss://my-bucket/flowlog-guard/",
      FLOWLOG_GUARD_EVIDENCE: "oss://my-evidence/flowlog-guard/",
      FLOWLOG_GUARD_HEARTBEAT_URL: `${HOOK}/beat`,
      FLOWLOG_GUARD_SCHEDULE: "@every 5m",
    });
    expect(triggers[0]?.triggerConfig).toMatchObject({ cronExpression: "@every 5m", enable: true });
  });

  test("gives the bundle variables that count as absent when unset", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true }, "cn-b": { activated: true } },
    });
    const { result } = await invokeCheck("", functionContext(emulator), {
      ...functionEnv(emulator),
      ...propsOf("flowlog-guard-check").environmentVariables,
    });
    expect(result?.summary).toMatchObject({ total: 2, compliant: 2 });
  });

  test("gives the audit function, which never alerts, the scope and no receiver", () => {
    const env = {
      ...ENV,
      FLOWLOG_GUARD_RULES: "flow-log-retention",
      FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
      FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
    };
    expect(propsOf("flowlog-guard-audit", env).environmentVariables).toEqual({
      FLOWLOG_GUARD_REGIONS: "unset",
      FLOWLOG_GUARD_RULES: "flow-log-retention",
      FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
      FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
    });
  });

  test("refuses an external id that no role is assumed with, in both functions, without quoting it", () => {
    const problems = problemsOf(TEXT, { ...ENV, FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21" });
    expect(problems).toHaveLength(2);
    for (const problem of problems) {
      expect(problem).toContain("organization.externalId (FLOWLOG_GUARD_EXTERNAL_ID): there is no");
      expect(problem).not.toContain("5c21");
    }
    const accounts = [{ id: "1234567890123457", roleName: "flowlog-guard-audit" }];
    const env = { ...ENV, FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21" };
    expect(problemsOf(TEXT, env, { accounts })).toEqual([]);
  });

  test("retries a check that failed, and not an audit, whose caller waits", () => {
    const retriesOf = (name: string) => propsOf(name).asyncInvokeConfig.maxAsyncRetryAttempts;
    expect([retriesOf("flowlog-guard-check"), retriesOf("flowlog-guard-audit")]).toEqual([2, 0]);
  });

  test("runs hourly, at a minute when few other timers run", () => {
    const [trigger] = propsOf("flowlog-guard-check").triggers;
    const schedule = trigger?.triggerType === "timer" && trigger.triggerConfig.cronExpression;
    expect(schedule).toBe("CRON_TZ=Asia/Shanghai 0 17 * * * *");
    expect(warningOfSchedule(String(schedule))).toBeNull();
  });

  test("is valid by the component's schema", () => {
    const schema = JSON.parse(
      readFileSync(new URL("../deploy/fc3/schema.json", import.meta.url), "utf8"),
    );
    const isValid = new Ajv({ strict: false }).compile(schema);
    for (const { props } of Object.values(templateOf().resources)) {
      isValid(props);
      expect(isValid.errors).toBeNull();
    }
  });

  test("names both functions by the environment", () => {
    const names = Object.values(templateOf({ ...ENV, DEPLOY_NAME: "prod" }).resources);
    expect(names.map(({ props }) => props.functionName)).toEqual(["prod-check", "prod-audit"]);
  });

  test("is read as Serverless Devs reads it: merge keys, a byte order mark, other numbers", () => {
    const text = TEXT.replace("vars:", "x-log: &log { logConfig: auto }\nvars:")
      .replace("      logConfig: auto", "      <<: *log")
      .replace("timeout: 120 #", "timeout: 0b1111000 #")
      .replace("memorySize: 256", "memorySize: 0o400");
    const { problems } = checkText(`\uFEFF${text}`, ENV);
    expect(problems).toEqual(["x-log: is not a known key: Serverless Devs would ignore it"]);
    const number = TEXT.replace("vars:", "vars:\n  seconds: 240").replace(
      "timeout: 120 #",
      "timeout: ${vars.seconds} #",
    );
    expect(checkText(number, ENV).template?.resources["flowlog-guard-check"]?.props.timeout).toBe(
      240,
    );
    const inVars = text.replace(
      "x-log: &log { logConfig: auto }\nvars:",
      "vars:\n  log: &log { logConfig: auto }",
    );
    const props = checkText(`\uFEFF${inVars}`, ENV).template?.resources["flowlog-guard-check"]
      ?.props;
    expect(props).toMatchObject({ logConfig: "auto", timeout: 120, memorySize: 256 });
  });

  test("merges a file into the one that it extends: objects merged, lists replaced", () => {
    const prod = `
vars: { name: prod, regions: cn-hangzhou }
resources:
  flowlog-guard-check:
    props:
      timeout: 300
      triggers:
        - { triggerName: daily, triggerType: timer, triggerConfig: { cronExpression: "@every 24h", enable: true } }
`;
    const { template, problems } = checkText(prod, ENV, null, [TEXT]);
    expect(problems).toEqual([]);
    const props = template?.resources["flowlog-guard-check"]?.props;
    expect(props).toMatchObject({
      functionName: "prod-check",
      timeout: 300,
      memorySize: 256,
      environmentVariables: { FLOWLOG_GUARD_REGIONS: "cn-hangzhou", FLOWLOG_GUARD_STATE: "unset" },
    });
    expect(props?.triggers.map(({ triggerName }) => triggerName)).toEqual(["daily"]);
    expect(template?.resources["flowlog-guard-audit"]?.props.functionName).toBe("prod-audit");
  });

  test("may leave the audit function out, and have a destination for runs that failed", () => {
    const text = TEXT.slice(0, TEXT.indexOf("  # Delete this resource")).replace(
      "maxAsyncRetryAttempts: 2",
      "maxAsyncRetryAttempts: 2\n        destinationConfig: { onFailure: { destination: 'acs:mns:cn-hangzhou:1:/queues/q/messages' } }",
    );
    expect(checkText(text, ENV).problems).toEqual([]);
    const others = TEXT.replace("${vars.name}-audit", "other-audit");
    expect(checkText(others, ENV).problems.join()).toContain("must begin as that of");
  });

  test("warns of a time-out that is short for all regions", () => {
    const text = TEXT.replace("timeout: 120 #", "timeout: 89 #");
    expect(checkText(text, ENV).warnings.join()).toContain("timeout: is under 90 seconds");
  });

  test("warns when no receiver would be alerted", () => {
    const warnings = (env: Record<string, string>) => checkText(TEXT, env, null).warnings;
    expect(warnings(ENV)).toEqual([expect.stringContaining("nobody will be alerted")]);
    expect(warnings({ ...ENV, FLOWLOG_GUARD_WEBHOOK_URL: HOOK })).toEqual([]);
    const file = { FLOWLOG_GUARD_WEBHOOK_URL: HOOK, FLOWLOG_GUARD_STATE: "file:./state.json" };
    expect(warnings({ ...ENV, ...file })).toEqual([expect.stringContaining("state is a file")]);
  });

  describe("with evidence", () => {
    const STATE = { FLOWLOG_GUARD_STATE: "oss://state-bucket/guard/" };
    const given = (evidence: string, more: Record<string, string> = STATE) => ({
      ...ENV,
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
      FLOWLOG_GUARD_EVIDENCE: evidence,
      ...more,
    });

    test("is deployed where the state is in another bucket", () => {
      const checked = checkText(TEXT, given("oss://evidence-bucket/guard/"), null);
      expect(checked).toMatchObject({ problems: [], warnings: [] });
    });

    test.each<[string, Record<string, string>, string]>([
      ["file:./kept/", STATE, "is a folder, and the files of a function are lost"],
      ["oss://evidence-bucket/guard/", {}, "there is no state to remember its newest run in"],
    ])("in %s with %j is refused, once", (evidence, state, problem) => {
      const problems = problemsOf(TEXT, given(evidence, state));
      expect(problems).toEqual([expect.stringContaining(problem)]);
      expect(problems[0]).toMatch(
        /^resources\.flowlog-guard-check\.props\.environmentVariables: evidence \(FLOWLOG_GUARD_EVIDENCE\): /,
      );
    });

    test("from the configuration file is checked too, and is not for the audit function", () => {
      const problems = problemsOf(TEXT, ENV, { evidence: "oss://evidence-bucket/guard/" });
      expect(problems).toEqual([expect.stringContaining("there is no state")]);
    });

    test("warns where the state is in the same bucket", () => {
      const { problems, warnings } = checkText(TEXT, given("oss://state-bucket/kept/"), null);
      expect(problems).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining("can never be locked")]);
    });
  });
});
