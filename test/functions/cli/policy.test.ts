import { expect, test } from "vitest";

import { runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const GET_STATUS = {
  Effect: "Allow",
  Action: "vpc:GetFlowLogServiceStatus",
  Resource: "acs:vpc:*:*:flowlog/*",
};
const LIST_REGIONS = { Effect: "Allow", Action: "vpc:DescribeRegions", Resource: "*" };

test.each<[string[], unknown[]]>([
  [[], [GET_STATUS, LIST_REGIONS]],
  [
    ["--regions", "cn-a,ap-*"],
    [GET_STATUS, LIST_REGIONS],
  ],
  [
    ["--regions", "cn-a,cn-b,!cn-b"],
    [GET_STATUS, LIST_REGIONS],
  ],
  [["--regions", "cn-a,cn-b"], [GET_STATUS]],
  [
    ["--regions", "cn-a", "--account", "1234567890123456"],
    [{ ...GET_STATUS, Resource: "acs:vpc:*:1234567890123456:flowlog/*" }],
  ],
])("the policy for %j allows only what is needed", async (args, statements) => {
  const { exitCode, stdout, stderr } = await runCli(["policy", ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({ Version: "1", Statement: statements });
});

const PUT_EVALUATIONS = { Effect: "Allow", Action: "config:PutEvaluations", Resource: "*" };

test("--cloud-config also allows to send results to Cloud Config, and not to read or change its rules", async () => {
  const { stdout } = await runCli(["policy", "--cloud-config", "--regions", "cn-a"]);
  expect(JSON.parse(stdout)).toEqual({ Version: "1", Statement: [GET_STATUS, PUT_EVALUATIONS] });
});

test("--cloud-config adds the same to the policy for an organization", async () => {
  const env = { FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit" };
  const plain = await runMain(["policy"], env);
  const { stdout } = await runMain(["policy", "--cloud-config"], env);
  expect(JSON.parse(stdout).Statement).toEqual([
    ...JSON.parse(plain.stdout).Statement,
    PUT_EVALUATIONS,
  ]);
});

test.each(["--trust", "--enable", "--member"])(
  "--cloud-config beside %s is refused",
  async (flag) => {
    const { exitCode, stderr } = await runMain(["policy", "--cloud-config", flag]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("--cloud-config: is about the policy of the audit function");
  },
);

test("--trust lets Function Compute assume the role", async () => {
  // It is the same whatever is configured, and when nothing can be read of it.
  const { stdout } = await runCli(["policy", "--trust", "--config", "/nowhere.yaml"]);
  expect(JSON.parse(stdout)).toEqual({
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: ["fc.aliyuncs.com"] },
      },
    ],
  });
});

const OPEN_SERVICE = { ...GET_STATUS, Action: "vpc:OpenFlowLogService" };

test.each<[string[], unknown[]]>([
  [[], [GET_STATUS, OPEN_SERVICE, LIST_REGIONS]],
  [
    ["--regions", "cn-a"],
    [GET_STATUS, OPEN_SERVICE],
  ],
  [
    ["--regions", "cn-a", "--rules", "flow-log-retention"],
    [
      GET_STATUS,
      OPEN_SERVICE,
      { Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "acs:vpc:*:*:vpc/*" },
      { ...GET_STATUS, Action: "vpc:DescribeFlowLogs" },
      { Effect: "Allow", Action: "log:GetLogStore", Resource: "acs:log:*:*:project/*/logstore/*" },
    ],
  ],
  [
    ["--regions", "cn-a", "--flow-logs"],
    [
      GET_STATUS,
      OPEN_SERVICE,
      { Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "acs:vpc:*:*:vpc/*" },
      { ...GET_STATUS, Action: "vpc:DescribeFlowLogs" },
      { Effect: "Allow", Action: "ecs:DescribeNetworkInterfaces", Resource: "acs:ecs:*:*:eni/*" },
      { Effect: "Allow", Action: "log:GetLogStore", Resource: "acs:log:*:*:project/*/logstore/*" },
      { ...GET_STATUS, Action: "vpc:CreateFlowLog" },
      { Effect: "Allow", Action: "vpc:CreateFlowLog", Resource: "acs:vpc:*:*:vpc/*" },
    ],
  ],
])("the policy of enable for %j has its own permissions", async (args, statements) => {
  const { exitCode, stdout } = await runMain(["policy", "--enable", ...args]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ Version: "1", Statement: statements });
});

test.each([
  [["--flow-logs"], "--flow-logs: is for --enable only"],
  [["--enable", "--trust"], "--trust: means nothing beside --enable"],
  [["--member", "--trust"], "--member: prints both policies"],
  [["--member", "--enable"], "--member: prints both policies"],
])("%j is an error", async (args, message) => {
  const { exitCode, stderr } = await runMain(["policy", ...args]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(message);
});

test("an account id that is not a number is an error", async () => {
  const { exitCode, stderr } = await runCli(["policy", "--account", "acme"]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe("flowlog-guard: --account: is not the id of an account, which is a number\n");
});
