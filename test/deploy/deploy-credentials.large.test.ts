import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { ENV, RECORDED, useDeployProject, deployIn, DEPLOYED } from "./deploy-project.ts";
import { callsOf } from "./serverless-devs.ts";

const project = useDeployProject();

describe("credentials", () => {
  const { AccountID: _id, AccessKeyID: _key, AccessKeySecret: _secret, ...NONE } = ENV;
  const keys = (change: object = {}): string =>
    JSON.stringify({
      AccountID: ENV.ACCOUNT_ID,
      AccessKeyID: "STS.5c21",
      AccessKeySecret: "s-88fe",
      SecurityToken: "sts-token-42cc",
      ...change,
    });
  const named = { ...NONE, ci_serverless_devs_key: keys() };
  const NAME = ["-a", "ci_serverless_devs_key"];

  test("in the variable that --access names", async () => {
    const { exitCode } = await deployIn(
      project,
      { deploy: DEPLOYED, info: RECORDED },
      { env: named, args: NAME },
    );
    expect(exitCode).toBe(0);
    for (const { args } of callsOf(project.binDir).slice(1)) {
      expect(args.slice(-2)).toEqual(["--access", "ci_serverless_devs_key"]);
    }
  });

  test("in the file that s config add writes", async () => {
    mkdirSync(join(project.folder, ".s"));
    writeFileSync(join(project.folder, ".s/access.yaml"), "default:\n  AccountID: U2FsdGVkX1\n");
    const { exitCode } = await deployIn(
      project,
      { deploy: DEPLOYED, info: RECORDED },
      { env: NONE },
    );
    expect(exitCode).toBe(0);
  });

  test("in three variables, which win over --access", async () => {
    const { exitCode, stdout } = await deployIn(
      project,
      { deploy: DEPLOYED, info: RECORDED },
      { env: { ...ENV, ci_serverless_devs_key: keys() }, args: NAME },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("deploy: warning: --access: is not used");
  });

  test.each<[string, Record<string, string>, readonly string[], string]>([
    ["none", NONE, [], 'credentials: Serverless Devs has none by the name "default"'],
    [
      "those of other tools",
      { ...NONE, ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5c21", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "x" },
      [],
      "ALIBABA_CLOUD_* variables do not count",
    ],
    [
      "two of three",
      { ...NONE, AccountID: ENV.AccountID, AccessKeyID: "LTAI5c21" },
      [],
      "AccountID and AccessKeyID alone are not enough: set AccessKeySecret too",
    ],
    ["an empty one", { ...ENV, AccessKeySecret: "" }, [], "AccessKeySecret: is empty"],
    ["a name without credentials", NONE, ["-a", "prod"], 'none by the name "prod"'],
    ["a variable of another name", named, [], 'none by the name "default"'],
    [
      "a variable that is not JSON",
      { ...NONE, ci_serverless_devs_key: "LTAI5c21" },
      NAME,
      "ci_serverless_devs_key: is not a JSON object",
    ],
    [
      "a variable without a key",
      { ...NONE, ci_serverless_devs_key: keys({ AccessKeyID: "" }) },
      NAME,
      "ci_serverless_devs_key: AccessKeyID is missing",
    ],
    [
      "a variable of another account",
      { ...NONE, ci_serverless_devs_key: keys({ AccountID: "999" }) },
      NAME,
      "ci_serverless_devs_key: AccountID: is another account than ACCOUNT_ID",
    ],
    ["keys of another account", { ...ENV, AccountID: "999" }, [], "AccountID: is another account"],
    [
      "a temporary key whose token is dropped",
      { ...ENV, AccessKeyID: "STS.5c21" },
      [],
      "whose token Serverless Devs would drop",
    ],
  ])("that cannot be used are refused before the build: %s", async (_name, env, args, says) => {
    const { exitCode, stderr, output } = await deployIn(
      project,
      { deploy: DEPLOYED, info: RECORDED },
      { env, args },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(says);
    expect(output).not.toContain("npm run build");
    expect(output).not.toMatch(/5c21|88fe|42cc|33dd/);
    expect(callsOf(project.binDir).map((call) => call.args[0])).toEqual(["-v"]);
  });
});
