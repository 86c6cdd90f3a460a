import { cpSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { ENV, RECORDED, S_YAML, useDeployProject, deployIn, DEPLOYED } from "./deploy-project.ts";
import { info, only, ABSENT, failureOf } from "./recorded-info.ts";
import { type Behaviour, callsOf } from "./serverless-devs.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const HOOK = "https://alerts.example.com/hook-path-5c21?token=hook-token-88fe";

const project = useDeployProject();

describe("a successful deployment", () => {
  test("builds, deploys without asking, reads back, and reports it", async () => {
    const { exitCode, stdout, stderr } = await deployIn(project, {
      deploy: DEPLOYED,
      info: RECORDED,
    });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("✔ [flowlog-guard-check] completed");
    expect(stdout).toContain("the code in the cloud was not compared");
    expect(stdout).toContain("flowlog-guard-check and flowlog-guard-audit are deployed as s.yaml");
    expect(stdout).toContain("deploy: removed the logs that Serverless Devs wrote in this run");
    expect(existsSync(join(project.folder, ".s"))).toBe(false);
    expect(callsOf(project.binDir)).toEqual([
      { args: ["-v"], asks: false },
      { args: ["deploy", "-y"], asks: false },
      { args: ["info", "--silent", "-o", "json"], asks: false },
    ]);
  });

  test("compares the code where Serverless Devs logs its checksum", async () => {
    const uploaded = {
      "flowlog-guard-check": "18421274654708548302",
      "flowlog-guard-audit": "15250688275828396900",
    };
    const same = await deployIn(project, { deploy: DEPLOYED, info: RECORDED, uploaded });
    expect(same.exitCode).toBe(0);
    expect(same.stdout).not.toContain("was not compared");
    rmSync(project.binDir, { recursive: true });
    const other = { ...uploaded, "flowlog-guard-audit": "999" };
    const { exitCode, stderr } = await deployIn(project, {
      deploy: DEPLOYED,
      info: RECORDED,
      uploaded: other,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-audit: its code is not what was uploaded\n");
  });

  test("accepts a .env that Serverless Devs reads too", async () => {
    const { ACCOUNT_ID, DEPLOY_REGION: _region, ...env } = ENV;
    writeFileSync(
      join(project.folder, ".env"),
      `\uFEFFACCOUNT_ID=${ACCOUNT_ID}\r\nexport DEPLOY_REGION='cn-hangzhou' # where\r\nSCHEDULE="@every 1h"\n`,
    );
    const reported = info((all) => {
      const [trigger] = all["flowlog-guard-check"].triggers;
      if (trigger !== undefined) trigger.triggerConfig["cronExpression"] = "@every 1h";
      Object.assign(Object(all["flowlog-guard-check"]["environmentVariables"]), {
        FLOWLOG_GUARD_SCHEDULE: "@every 1h",
      });
    });
    const { exitCode, stderr } = await deployIn(
      project,
      { deploy: DEPLOYED, info: reported },
      { env },
    );
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test("warns that nobody will be alerted where no receiver is configured", async () => {
    const { FLOWLOG_GUARD_WEBHOOK_URL: _url, ...env } = ENV;
    const reported = info(
      (all) =>
        void Object.assign(Object(all["flowlog-guard-check"]["environmentVariables"]), {
          FLOWLOG_GUARD_WEBHOOK_URL: "unset",
        }),
    );
    const { exitCode, stdout } = await deployIn(
      project,
      { deploy: DEPLOYED, info: reported },
      { env },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("deploy: warning: no receiver is configured");
  });

  test("accepts the check function alone", async () => {
    const end = S_YAML.indexOf("  # Delete this resource");
    writeFileSync(join(project.folder, "s.yaml"), S_YAML.slice(0, end));
    const reported = only("flowlog-guard-check");
    const { exitCode, stdout } = await deployIn(project, { deploy: DEPLOYED, info: reported });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("flowlog-guard-check is deployed as s.yaml says");
  });

  test("accepts another environment, in a file that extends s.yaml", async () => {
    writeFileSync(
      join(project.folder, "s.prod.yaml"),
      `extend: ./s.yaml
vars: { name: prod }
resources: { flowlog-guard-check: { props: { timeout: 300 } } }
`,
    );
    const reported = info((all) => {
      Object.assign(all["flowlog-guard-check"], { functionName: "prod-check", timeout: 300 });
      Object.assign(all["flowlog-guard-audit"], { functionName: "prod-audit" });
    });
    const args = ["-t", "s.prod.yaml"];
    const { exitCode, stdout, stderr } = await deployIn(
      project,
      { deploy: DEPLOYED, info: reported },
      { args },
    );
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("prod-check and prod-audit are deployed as s.yaml says");
    for (const call of callsOf(project.binDir).slice(1)) expect(call.args.slice(-2)).toEqual(args);
  });
});

test.each([
  ["that fails", "exit 3", "npm run build failed"],
  ["that builds nothing", "exit 0", "./dist/check is not there after the build"],
])("nothing is deployed after a build %s", async (_name, build, says) => {
  writeFileSync(join(project.folder, "package.json"), JSON.stringify({ scripts: { build } }));
  const { exitCode, stderr } = await deployIn(project, { deploy: DEPLOYED, info: RECORDED });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(says);
  expect(callsOf(project.binDir).map(({ args }) => args[0])).toEqual(["-v"]);
});

describe("--plan", () => {
  const PLAN = `flowlog-guard-check:
    region: cn-hangzhou
    environmentVariables:
-     FLOWLOG_GUARD_WEBHOOK_URL: https://alerts.example.com/old-path-22ff
+     FLOWLOG_GUARD_WEBHOOK_URL: https://alerts.example.com/hook
    timeout: 120
`;
  const planned = (behaviour: Behaviour) =>
    deployIn(
      project,
      { plan: { output: PLAN, exitCode: 0 }, failures: ABSENT, ...behaviour },
      { args: ["--plan"] },
    );

  test.each([
    ["nothing would change", RECORDED, "flowlog-guard-check: is there, as s.yaml says"],
    ["nothing is deployed yet", "", "flowlog-guard-check: is not there"],
    [
      "something would change",
      info(({ "flowlog-guard-audit": found }) => (found["timeout"] = 60)),
      "flowlog-guard-audit: timeout is 60, and should be 120",
    ],
  ])("shows that %s, and neither builds nor changes anything", async (_name, reported, says) => {
    const { exitCode, stdout, output } = await planned({ info: reported });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(says);
    expect(stdout).toContain("FLOWLOG_GUARD_WEBHOOK_URL: ***");
    expect(output).not.toMatch(/old-path-22ff|example.com\/hook|npm run build/);
    expect(existsSync(join(project.folder, "dist"))).toBe(false);
    const calls = callsOf(project.binDir).map(({ args }) => args.join(" "));
    expect(calls.filter((call) => !/^(-v|plan|([\w-]+ )?info .*)$/.test(call))).toEqual([]);
  });

  test("exits 1 for a wrong configuration, and where Serverless Devs fails", async () => {
    const failed = await planned({ plan: { output: "", exitCode: 101 } });
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("s plan failed") });
    rmSync(project.binDir, { recursive: true });
    const unread = await planned({
      failures: { "flowlog-guard-audit": failureOf("flowlog-guard-audit", "AccessDenied", 403) },
    });
    expect(unread).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("AccessDenied") });
    rmSync(project.binDir, { recursive: true });
    writeFileSync(join(project.folder, "s.yaml"), S_YAML.replace("enable:", "enabled:"));
    const wrong = await planned({ info: RECORDED });
    expect(wrong).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("enabled: is not"),
    });
  });
});

const { ACCOUNT_ID: _account, ...withoutAccount } = ENV;

// A sample: deploy-credentials.large.test.ts and deploy-refusals.large.test.ts have all of them.
test.each<[string, Record<string, string>, string]>([
  ["without an account", withoutAccount, "ACCOUNT_ID is not set"],
  ["with keys of another account", { ...ENV, AccountID: "999" }, "AccountID: is another account"],
])("nothing is built or deployed %s", async (_what, env, says) => {
  const { exitCode, stderr, output } = await deployIn(
    project,
    { deploy: DEPLOYED, info: RECORDED },
    { env },
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain(says);
  expect(output).not.toContain("npm run build");
  expect(callsOf(project.binDir).map(({ args }) => args[0])).not.toContain("deploy");
});

test("an argument that may be an address is not repeated", async () => {
  const { exitCode, stderr } = await deployIn(project, {}, { args: [HOOK] });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("(value not shown)");
  expect(stderr).not.toMatch(/hook-path|hook-token/);
});

test("--help and a flag that does not exist", async () => {
  cpSync(join(ROOT, "package.json"), join(project.folder, "package.json"));
  expect(await deployIn(project, {}, { args: ["--help"] })).toMatchObject({
    exitCode: 0,
    stderr: "",
  });
  rmSync(project.binDir, { recursive: true });
  const { exitCode, stderr } = await deployIn(project, {}, { args: ["--plam"] });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Unknown option '--plam'");
  expect(callsOf(project.binDir)).toEqual([]);
});
