import { expect, test } from "vitest";

import { runMain } from "../../harness/run-main.ts";

const EVIDENCE = { FLOWLOG_GUARD_EVIDENCE: "oss://evidence-bucket/guard/?region=cn-hangzhou" };
const STATE = { FLOWLOG_GUARD_STATE: "oss://state-bucket/guard/?region=cn-hangzhou" };

/** The statements that a command prints. */
async function statementsOf(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { exitCode, stdout, stderr } = await runMain(["policy", ...args], env);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout).Statement;
}

const keep = (account = "*") => ({
  Effect: "Allow",
  Action: "oss:PutObject",
  Resource: `acs:oss:*:${account}:evidence-bucket/guard/*`,
});

const read = (account = "*") => [
  {
    Effect: "Allow",
    Action: "oss:ListObjects",
    Resource: `acs:oss:*:${account}:evidence-bucket`,
    Condition: { StringLike: { "oss:Prefix": ["guard/*"] } },
  },
  {
    Effect: "Allow",
    Action: "oss:GetObject",
    Resource: `acs:oss:*:${account}:evidence-bucket/guard/*`,
  },
  {
    Effect: "Allow",
    Action: "oss:GetBucketWorm",
    Resource: `acs:oss:*:${account}:evidence-bucket`,
  },
];

test("to keep evidence is to create objects, and nothing else in that bucket", async () => {
  const statements = await statementsOf(["--regions", "cn-a"], { ...EVIDENCE, ...STATE });
  const ofEvidence = statements.filter(({ Resource }: { Resource: string }) =>
    Resource.includes("evidence-bucket"),
  );
  expect(ofEvidence).toEqual([keep()]);
});

test("an organization's policy has it too", async () => {
  const statements = await statementsOf(["--account", "1234567890123456"], {
    ...EVIDENCE,
    ...STATE,
    FLOWLOG_GUARD_ORGANIZATION_ROLE: "audit",
  });
  expect(statements.at(-1)).toEqual(keep("1234567890123456"));
});

test("--history prints the rights to read the evidence and the lock of its bucket", async () => {
  expect(await statementsOf(["--history"], EVIDENCE)).toEqual(read());
  expect(await statementsOf(["--history", "--account", "1234567890123456"], EVIDENCE)).toEqual(
    read("1234567890123456"),
  );
});

test("--history of a whole bucket has no condition", async () => {
  const [list] = await statementsOf(["--history"], {
    FLOWLOG_GUARD_EVIDENCE: "oss://evidence-bucket?region=cn-hangzhou",
  });
  expect(list).toEqual({
    Effect: "Allow",
    Action: "oss:ListObjects",
    Resource: "acs:oss:*:*:evidence-bucket",
  });
});

test.each([
  [{}, "--history: no evidence is configured"],
  [{ FLOWLOG_GUARD_EVIDENCE: "file:./kept/" }, "--history: the evidence is in a folder"],
])("--history with %j has nothing to print", async (env, message) => {
  const { exitCode, stdout, stderr } = await runMain(["policy", "--history"], env);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toContain(message);
});

test.each(["--enable", "--trust", "--member", "--cloud-config"])(
  "--history with %s is an error",
  async (flag) => {
    const { exitCode, stderr } = await runMain(["policy", "--history", flag], EVIDENCE);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("--history: prints the policy of who reads kept evidence");
  },
);
