import { rmSync } from "node:fs";

import * as v from "valibot";
import { describe, expect, test } from "vitest";

import {
  DeployedFunction,
  differencesOfFunction,
} from "../../deploy/read-back/compare-function.ts";
import { readBack } from "../../deploy/read-back/read-back.ts";
import type { Template } from "../../deploy/template/template-schema.ts";
import { checkText } from "./check-text.ts";
import { ENV, RECORDED, S_YAML, useDeployProject } from "./deploy-project.ts";
import { info, only, type FunctionInfo, type Info, ABSENT } from "./recorded-info.ts";
import { installServerlessDevs } from "./serverless-devs.ts";

function templateOf(env: Record<string, string> = ENV, text = S_YAML): Template {
  const { template, problems } = checkText(text, env);
  if (template === null) throw new Error(problems.join("\n"));
  return template;
}

const project = useDeployProject();

describe("the functions that are read back", () => {
  /** Reads back from the stand-in, in this process. */
  const differences = async (output: string, template = templateOf()): Promise<string[]> => {
    installServerlessDevs(project.binDir, { info: output, failures: ABSENT });
    const shell = {
      cwd: project.folder,
      env: { PATH: project.binDir, GITHUB_ACTIONS: "true" },
      onLine: () => {},
      createMask: () => (line: string) => line,
    };
    const states = await readBack(template, shell, []);
    return Object.entries(states).flatMap(([key, state]) =>
      state.kind === "read" ? state.differences.map((text) => `${key}: ${text}`) : [state.kind],
    );
  };
  const ofOne = (key: keyof Info, change: (found: FunctionInfo) => unknown): string => {
    const props = templateOf().resources[key]?.props;
    if (props === undefined) throw new Error(`no ${key}`);
    const found = v.parse(DeployedFunction, JSON.parse(only(key, change)));
    return differencesOfFunction(props, found).join("\n");
  };

  test("is as it was recorded, in CI too", async () => {
    expect(await differences(RECORDED)).toEqual([]);
  });

  test("has the role's name in small letters", async () => {
    expect(await differences(RECORDED, templateOf({ ...ENV, ROLE_NAME: "FlowLog-Guard" }))).toEqual(
      [],
    );
  });

  test.each(["", "[WARN] nothing\n", "{}", "{ cut"])("is nothing: %j", async (printed) => {
    expect(await differences(printed)).toEqual(["absent", "absent"]);
  });

  test("is one function of two", async () => {
    expect(await differences(only("flowlog-guard-audit"))).toEqual(["absent"]);
  });

  test("is one of another owner", async () => {
    const others = only("flowlog-guard-audit", (found) => (found["functionName"] = "other"));
    expect(await differences(others)).toEqual(["absent", "absent"]);
  });

  const VPC = { vpcId: "vpc-1", vSwitchIds: ["vsw-1"], securityGroupId: "sg-1" };

  test.each<[string, (found: FunctionInfo) => unknown]>([
    ["timeout is 3, and should be 120", (found) => (found["timeout"] = 3)],
    ["timeout is not set, and should be 120", (found) => delete found["timeout"]],
    [
      'region is "cn-beijing", and should be "cn-hangzhou"',
      (found) => (found["region"] = "cn-beijing"),
    ],
    [
      'account is "999", and should be "1234567890123456"',
      (found) => (found["functionArn"] = "acs:fc:cn-hangzhou:999:functions/flowlog-guard-check"),
    ],
    [
      'handler is "main.handler", and should be "index.handler"',
      (found) => (found["handler"] = "main.handler"),
    ],
    [
      'role is "acs:ram::1234567890123456:role/auto"',
      (found) => (found["role"] = "acs:ram::1234567890123456:role/auto"),
    ],
    ["functionName is", (found) => (found["functionName"] = "another")],
    ["cpu is 4, and should be 0.25", (found) => (found["cpu"] = 4)],
    ["internetAccess is false, and should be true", (found) => (found["internetAccess"] = false)],
    ['vpcConfig.vpcId is "vpc-1", and should be not set', (found) => (found["vpcConfig"] = VPC)],
    ["logConfig is not set", (found) => delete found["logConfig"]],
    ["logConfig is not set", (found) => (found["logConfig"] = { project: "", logstore: "" })],
    ["has layers", (found) => (found["layers"] = ["acs:fc:cn-hangzhou:1:layers/x/versions/1"])],
    [
      "the variable OLD is not in s.yaml",
      (found) => Object.assign(Object(found["environmentVariables"]), { OLD: "value" }),
    ],
    ["the trigger schedule is not there", (found) => (found.triggers = [])],
    [
      'schedule.triggerType is "http", and should be "timer"',
      ({ triggers }) => Object.assign(Object(triggers[0]), { triggerType: "http" }),
    ],
    [
      'schedule.cronExpression is "0 17 * * * *"',
      ({ triggers }) =>
        Object.assign(Object(triggers[0]?.triggerConfig), { cronExpression: "0 17 * * * *" }),
    ],
    [
      "schedule.enable is false, and should be true",
      ({ triggers }) => Object.assign(Object(triggers[0]?.triggerConfig), { enable: false }),
    ],
    [
      "the variable FLOWLOG_GUARD_WEBHOOK_URL has another value",
      ({ environmentVariables }) =>
        Object.assign(Object(environmentVariables), {
          FLOWLOG_GUARD_WEBHOOK_URL: "https://alerts.example.com/old-hook-path-99aa",
        }),
    ],
    [
      "the variable FLOWLOG_GUARD_WEBHOOK_URL is not there",
      (found) => (found["environmentVariables"] = {}),
    ],
    [
      "maxAsyncRetryAttempts is 3, and should be 2",
      ({ asyncInvokeConfig }) =>
        Object.assign(Object(asyncInvokeConfig), { maxAsyncRetryAttempts: 3 }),
    ],
    [
      "maxAsyncEventAgeInSeconds is not set, and should be 3600",
      (found) => delete found["asyncInvokeConfig"],
    ],
    [
      'destinationConfig.onFailure is "acs:mns:a:1:/queues/q/messages", and should be not set',
      ({ asyncInvokeConfig }) =>
        Object.assign(Object(asyncInvokeConfig), {
          destinationConfig: { onFailure: { destination: "acs:mns:a:1:/queues/q/messages" } },
        }),
    ],
  ])("is not the same: %s", (says, change) => {
    const found = ofOne("flowlog-guard-check", change);
    expect(found).toContain(says);
    expect(found).not.toMatch(/hook-path|hook-token|whsec_/);
  });

  test.each<[string, (config: Record<string, unknown>) => unknown]>([
    ['http.authType is "anonymous"', (config) => (config["authType"] = "anonymous")],
    ["http.disableURLInternet is true", (config) => (config["disableURLInternet"] = true)],
    ["http.methods is", (config) => (config["methods"] = ["GET", "POST", "DELETE"])],
  ])("lets in unintended callers: %s", (says, change) => {
    const found = ofOne("flowlog-guard-audit", ({ triggers }) => {
      for (const { triggerConfig } of triggers) change(triggerConfig);
    });
    expect(found).toContain(says);
  });

  test("has the network, the log and the destination that s.yaml names, in any order", async () => {
    const log = { project: "my-project", logstore: "my-store" };
    const text = S_YAML.replace("logConfig: auto", `logConfig: ${JSON.stringify(log)}`)
      .replace(
        "      diskSize: 512 # MB",
        "      diskSize: 512\n      internetAccess: false\n      vpcConfig: { vpcId: vpc-1, vSwitchIds: [vsw-2, vsw-1], securityGroupId: sg-1 }",
      )
      .replace(
        "maxAsyncRetryAttempts: 2",
        "maxAsyncRetryAttempts: 2\n        destinationConfig: { onFailure: { destination: 'acs:mns:cn-hangzhou:1234567890123456:/queues/failed/messages' } }",
      );
    const template = templateOf(ENV, text);
    const reported = (change: (found: FunctionInfo) => unknown = () => {}): string =>
      info(({ "flowlog-guard-check": found }) => {
        Object.assign(Object(found["logConfig"]), log);
        Object.assign(found, {
          internetAccess: false,
          vpcConfig: { ...VPC, vSwitchIds: ["vsw-1", "vsw-2"] },
        });
        Object.assign(Object(found["asyncInvokeConfig"]), {
          destinationConfig: {
            onFailure: {
              destination: "acs:mns:cn-hangzhou:1234567890123456:/queues/failed/messages",
            },
          },
        });
        change(found);
      });
    expect(await differences(reported(), template)).toEqual([]);
    rmSync(project.binDir, { recursive: true });
    const missing = reported((found) => {
      found["vpcConfig"] = { ...VPC, vpcId: "vpc-9" };
      found["logConfig"] = { ...log, logstore: "other" };
      Object.assign(Object(found["asyncInvokeConfig"]), { destinationConfig: {} });
    });
    expect((await differences(missing, template)).join()).toMatch(
      /vpcConfig.vpcId.*vpcConfig.vSwitchIds.*logConfig.logstore is "other".*onFailure is not set/,
    );
  });
});
