import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import * as v from "valibot";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";

import {
  DeployedFunction,
  differencesOfFunction,
} from "../../deploy/read-back/compare-function.ts";
import { readBack } from "../../deploy/read-back/read-back.ts";
import type { Template } from "../../deploy/template/template-schema.ts";
import { type ProcessResult, runNode } from "../harness/run-process.ts";
import { bundleDeploy } from "./bundle-deploy.ts";
import { checkText } from "./check-text.ts";
import { type Behaviour, callsOf, installServerlessDevs } from "./serverless-devs.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const S_YAML = readFileSync(join(ROOT, "s.yaml"), "utf8");
/** What the real `s info --silent -o json` printed after a good deployment of this `s.yaml`. */
const RECORDED = readFileSync(join(ROOT, "test/deploy/recorded/s-info.json"), "utf8");
const HOOK = "https://alerts.example.com/hook-path-5c21?token=hook-token-88fe";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/** As it was set when the answer was recorded. */
const ENV = {
  DEPLOY_REGION: "cn-hangzhou",
  ACCOUNT_ID: "1234567890123456",
  FLOWLOG_GUARD_WEBHOOK_URL: "https://alerts.example.com/hook",
  AccountID: "1234567890123456",
  AccessKeyID: "LTAI5tRecordedKey",
  AccessKeySecret: "key-secret-33dd",
};
/** What the real `s KEY info --output-format=json` printed, but for the code and its message. */
function failureOf(key: string, code: string, status: number): string {
  return `
✖ [${key}] failed to [info]:
====================
Error Message:
${code}: code: ${status}, said of '${key}' request id: rid

A complete log of this run can be found in: /home/somebody/.s/logs/1128011121
`;
}
const ABSENT = Object.fromEntries(
  ["flowlog-guard-check", "flowlog-guard-audit"].map((key) => [
    key,
    failureOf(key, "FunctionNotFound", 404),
  ]),
);
const DEPLOYED = { output: "✔ [flowlog-guard-check] completed (0.02s)\n", exitCode: 0 };

let program: string;
beforeAll(async () => {
  program = await bundleDeploy();
});

/** A project's folder, in which `npm run build` gives what was built for these tests. */
let project: string;
let binDir: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "flowlog-guard-deploy-"));
  binDir = join(project, "bin");
  writeFileSync(join(project, "s.yaml"), S_YAML);
  const build = `cp -r ${inject("dist")} dist`;
  writeFileSync(join(project, "package.json"), JSON.stringify({ scripts: { build } }));
});
afterEach(() => rmSync(project, { recursive: true }));

async function deploy(
  behaviour: Behaviour,
  { env = ENV, args = [] }: { env?: Record<string, string>; args?: readonly string[] } = {},
): Promise<ProcessResult & { readonly output: string }> {
  installServerlessDevs(binDir, behaviour);
  const result = await runNode([program, ...args], {
    env: { PATH: binDir, HOME: project, ...env },
    cwd: project,
  });
  return { ...result, output: result.stdout + result.stderr };
}

type FunctionInfo = Record<string, unknown> & { triggers: TriggerInfo[] };
interface TriggerInfo {
  readonly triggerName: string;
  readonly triggerConfig: Record<string, unknown>;
}
interface Info {
  "flowlog-guard-check": FunctionInfo;
  "flowlog-guard-audit": FunctionInfo;
}

/** What was recorded, after a change. */
function info(change: (info: Info) => unknown): string {
  const recorded = JSON.parse(RECORDED) as Info;
  change(recorded);
  return JSON.stringify(recorded, null, 2);
}

/** The check function alone, which the real program prints without its key. */
function only(key: keyof Info, change: (found: FunctionInfo) => unknown = () => {}): string {
  const { [key]: found } = JSON.parse(RECORDED) as Info;
  change(found);
  return JSON.stringify(found, null, 2);
}

function templateOf(env: Record<string, string> = ENV, text = S_YAML): Template {
  const { template, problems } = checkText(text, env);
  if (template === null) throw new Error(problems.join("\n"));
  return template;
}

describe("a deployment that goes well", () => {
  test("builds, deploys without asking, reads back, and says so", async () => {
    const { exitCode, stdout, stderr } = await deploy({ deploy: DEPLOYED, info: RECORDED });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("✔ [flowlog-guard-check] completed");
    expect(stdout).toContain("the code in the cloud was not compared");
    expect(stdout).toContain("flowlog-guard-check and flowlog-guard-audit are deployed as s.yaml");
    expect(stdout).toContain("deploy: removed the logs that Serverless Devs wrote in this run");
    expect(existsSync(join(project, ".s"))).toBe(false);
    expect(callsOf(binDir)).toEqual([
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
    const same = await deploy({ deploy: DEPLOYED, info: RECORDED, uploaded });
    expect(same.exitCode).toBe(0);
    expect(same.stdout).not.toContain("was not compared");
    rmSync(binDir, { recursive: true });
    const other = { ...uploaded, "flowlog-guard-audit": "999" };
    const { exitCode, stderr } = await deploy({
      deploy: DEPLOYED,
      info: RECORDED,
      uploaded: other,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-audit: its code is not what was uploaded\n");
  });

  test("with a .env that Serverless Devs reads too", async () => {
    const { ACCOUNT_ID, DEPLOY_REGION: _region, ...env } = ENV;
    writeFileSync(
      join(project, ".env"),
      `\uFEFFACCOUNT_ID=${ACCOUNT_ID}\r\nexport DEPLOY_REGION='cn-hangzhou' # where\r\nSCHEDULE="@every 1h"\n`,
    );
    const told = info((all) => {
      const [trigger] = all["flowlog-guard-check"].triggers;
      if (trigger !== undefined) trigger.triggerConfig["cronExpression"] = "@every 1h";
      Object.assign(Object(all["flowlog-guard-check"]["environmentVariables"]), {
        FLOWLOG_GUARD_SCHEDULE: "@every 1h",
      });
    });
    const { exitCode, stderr } = await deploy({ deploy: DEPLOYED, info: told }, { env });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test("without a receiver it says that nobody will be alerted", async () => {
    const { FLOWLOG_GUARD_WEBHOOK_URL: _url, ...env } = ENV;
    const told = info(
      (all) =>
        void Object.assign(Object(all["flowlog-guard-check"]["environmentVariables"]), {
          FLOWLOG_GUARD_WEBHOOK_URL: "unset",
        }),
    );
    const { exitCode, stdout } = await deploy({ deploy: DEPLOYED, info: told }, { env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("deploy: warning: no receiver is configured");
  });

  test("of the check function alone", async () => {
    const end = S_YAML.indexOf("  # Delete this resource");
    writeFileSync(join(project, "s.yaml"), S_YAML.slice(0, end));
    const told = only("flowlog-guard-check");
    const { exitCode, stdout } = await deploy({ deploy: DEPLOYED, info: told });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("flowlog-guard-check is deployed as s.yaml says");
  });

  test("of another environment, in a file that extends s.yaml", async () => {
    writeFileSync(
      join(project, "s.prod.yaml"),
      `extend: ./s.yaml
vars: { name: prod }
resources: { flowlog-guard-check: { props: { timeout: 300 } } }
`,
    );
    const told = info((all) => {
      Object.assign(all["flowlog-guard-check"], { functionName: "prod-check", timeout: 300 });
      Object.assign(all["flowlog-guard-audit"], { functionName: "prod-audit" });
    });
    const args = ["-t", "s.prod.yaml"];
    const { exitCode, stdout, stderr } = await deploy({ deploy: DEPLOYED, info: told }, { args });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("prod-check and prod-audit are deployed as s.yaml says");
    for (const call of callsOf(binDir).slice(1)) expect(call.args.slice(-2)).toEqual(args);
  });
});

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

  test("in a variable that --access names", async () => {
    const { exitCode } = await deploy(
      { deploy: DEPLOYED, info: RECORDED },
      { env: named, args: NAME },
    );
    expect(exitCode).toBe(0);
    for (const { args } of callsOf(binDir).slice(1)) {
      expect(args.slice(-2)).toEqual(["--access", "ci_serverless_devs_key"]);
    }
  });

  test("in the file that s config add writes", async () => {
    mkdirSync(join(project, ".s"));
    writeFileSync(join(project, ".s/access.yaml"), "default:\n  AccountID: U2FsdGVkX1\n");
    const { exitCode } = await deploy({ deploy: DEPLOYED, info: RECORDED }, { env: NONE });
    expect(exitCode).toBe(0);
  });

  test("in three variables, which count before --access", async () => {
    const { exitCode, stdout } = await deploy(
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
    ["a name that nobody has", NONE, ["-a", "prod"], 'none by the name "prod"'],
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
    const { exitCode, stderr, output } = await deploy(
      { deploy: DEPLOYED, info: RECORDED },
      { env, args },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(says);
    expect(output).not.toContain("npm run build");
    expect(output).not.toMatch(/5c21|88fe|42cc|33dd/);
    expect(callsOf(binDir).map((call) => call.args[0])).toEqual(["-v"]);
  });
});

describe("nothing is built or deployed", () => {
  const refused = async (
    files: Record<string, string>,
    { env = ENV, args = [] }: { env?: Record<string, string>; args?: readonly string[] } = {},
  ): Promise<string> => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
    const { exitCode, stderr, output } = await deploy(
      { deploy: DEPLOYED, info: RECORDED },
      { env, args },
    );
    expect(exitCode).toBe(1);
    expect(output).not.toContain("npm run build");
    expect(output).not.toMatch(/hook-path|hook-token|whsec_|5c21/);
    expect(["deploy", "info"]).not.toContain(callsOf(binDir).at(-1)?.args[0]);
    return stderr;
  };

  test.each<[string, Record<string, string>, string]>([
    ["without an account", { DEPLOY_REGION: "cn-hangzhou" }, "ACCOUNT_ID is not set"],
    ["without a region", { ACCOUNT_ID: ENV.ACCOUNT_ID }, "DEPLOY_REGION is not set"],
    [
      "to the region of FC_REGION",
      { ...ENV, FC_REGION: "cn-hangzhou" },
      "FC_REGION: is the region that is deployed to",
    ],
  ])("%s", async (_name, env, says) => {
    expect(await refused({}, { env })).toContain(says);
  });

  test("to the region of FC_REGION in .env", async () => {
    const text = "FC_REGION=cn-hangzhou\n";
    expect(await refused({ ".env": text })).toContain("over plain http");
  });

  test("FC_REGION of another region is a warning", async () => {
    const env = { ...ENV, FC_REGION: "cn-beijing" };
    const { exitCode, stdout } = await deploy({ deploy: DEPLOYED, info: RECORDED }, { env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("warning: FC_REGION is set, which the deployment component may read");
  });

  test.each<[string, string, Record<string, string>, string]>([
    [
      "a $",
      "A=1\nFLOWLOG_GUARD_WEBHOOK_URL=https://a.example/x$y\n",
      {},
      '.env: line 2: FLOWLOG_GUARD_WEBHOOK_URL holds a "$"',
    ],
    ["a $ that is escaped", "SCHEDULE='a\\$y'\n", {}, '.env: line 1: SCHEDULE holds a "$"'],
    [
      "a name whose value in the environment has a $",
      "# old\nexport FLOWLOG_GUARD_WEBHOOK_URL=https://a.example/x\n",
      { FLOWLOG_GUARD_WEBHOOK_URL: "https://a.example/hook-path$y" },
      ".env: line 2: FLOWLOG_GUARD_WEBHOOK_URL is also set in the environment",
    ],
    ["a sign of CI", "GITHUB_TOKEN=x\n", {}, ".env: line 1: GITHUB_TOKEN makes Serverless Devs"],
    [
      "a # that cuts the value",
      "FLOWLOG_GUARD_WEBHOOK_URL=https://a.example/hook-path#frag\n",
      {},
      '.env: line 1: FLOWLOG_GUARD_WEBHOOK_URL ends at a "#"',
    ],
  ])("with %s in .env", async (_name, text, env, says) => {
    expect(await refused({ ".env": text }, { env: { ...ENV, ...env } })).toContain(says);
  });

  test.each<[string, Record<string, string>, readonly string[], string]>([
    ["that is not there", {}, ["-t", "s.prod.yaml"], "s.prod.yaml: is not there"],
    [
      "in another folder",
      { "bin/s.yaml": S_YAML },
      ["-t", "bin/s.yaml"],
      "bin/s.yaml: must lie in",
    ],
    [
      "that extends one that is not there",
      { "s.prod.yaml": "extend: ./s.base.yaml\n" },
      ["-t", "s.prod.yaml"],
      "./s.base.yaml: is not there",
    ],
    [
      "that extends one that extends another",
      { "s.a.yaml": "extend: ./s.b.yaml\n", "s.b.yaml": "extend: ./s.yaml\n" },
      ["-t", "s.a.yaml"],
      "deploy: ./s.b.yaml: extend: is not supported in a file that another one extends\n",
    ],
    [
      "that extends in a way that is not read",
      { "s.a.yaml": "extend: { template: ./s.yaml }\n" },
      ["-t", "s.a.yaml"],
      "s.a.yaml: extend: must be the path of another file",
    ],
    [
      "that takes all away",
      { "s.a.yaml": "extend: ./s.yaml\nresources: null\n" },
      ["-t", "s.a.yaml"],
      "resources: has no value",
    ],
    [
      "that contains itself",
      { "s.yaml": `${S_YAML}x: &x { x: *x }\n` },
      [],
      "x.x.x: contains itself",
    ],
    [
      "that takes a function away by giving it no value",
      { "s.a.yaml": "extend: ./s.yaml\nresources: { flowlog-guard-audit: null }\n" },
      ["-t", "s.a.yaml"],
      "resources.flowlog-guard-audit: has no value",
    ],
    [
      "beside environments of s env",
      { "env.yaml": "environments: []\n" },
      [],
      "env.yaml: environments",
    ],
  ])("from a file %s", async (_name, files, args, says) => {
    mkdirSync(binDir, { recursive: true });
    expect(await refused(files, { args })).toContain(says);
  });

  test("without Serverless Devs, or with another program of its name", async () => {
    const missing = await deploy({ version: null });
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("npm install --global @serverless-devs/s@3.1.10");
    rmSync(binDir, { recursive: true });
    expect((await deploy({ version: "s 1.0" })).stderr).toContain("another program");
    rmSync(binDir, { recursive: true });
    const silent = await deploy({ version: "", deploy: DEPLOYED, info: RECORDED });
    expect(silent.exitCode).toBe(0);
    expect(silent.stdout).toContain("not one that does not say its version");
  });

  test("with a wrong s.yaml, and every problem is told", async () => {
    const text = S_YAML.replace("enable:", "enabled:").replace("timeout: 120", "timeout: '120'");
    const stderr = await refused({ "s.yaml": text, ".env": "A=$b\n" });
    expect(stderr).toContain("triggerConfig.enabled: is not a known key");
    expect(stderr).toContain("timeout: must be a whole number");
    expect(stderr).toContain(".env: line 1");
  });

  test.each(["yaml", "yml"])("with a wrong flowlog-guard.%s", async (ending) => {
    const name = `flowlog-guard.${ending}`;
    const stderr = await refused({ [name]: "regions: [CN-Hangzhou]\n" });
    expect(stderr).toContain(`${name}: regions[0]: "CN-Hangzhou" is not a region`);
  });

  test("with two configuration files", async () => {
    const text = "regions: [cn-hangzhou]\n";
    const stderr = await refused({ "flowlog-guard.yaml": text, "flowlog-guard.yml": text });
    expect(stderr).toContain("flowlog-guard.yaml and flowlog-guard.yml: both are here.");
  });
});

test.each([
  ["that fails", "exit 3", "npm run build failed"],
  ["that builds nothing", "exit 0", "./dist/check is not there after the build"],
])("nothing is deployed after a build %s", async (_name, build, says) => {
  writeFileSync(join(project, "package.json"), JSON.stringify({ scripts: { build } }));
  const { exitCode, stderr } = await deploy({ deploy: DEPLOYED, info: RECORDED });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(says);
  expect(callsOf(binDir).map(({ args }) => args[0])).toEqual(["-v"]);
});

describe("a deployment that did not happen as said", () => {
  const FAILED = {
    output: "✖ [flowlog-guard-audit] failed to [deploy]\nNoPermission\n",
    exitCode: 101,
  };

  test("Serverless Devs fails on the second function: what is there now is said", async () => {
    const { exitCode, stdout, stderr } = await deploy({
      deploy: FAILED,
      info: only("flowlog-guard-check"),
      failures: ABSENT,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("NoPermission");
    expect(stderr).toBe(
      "deploy: s deploy failed (exit code 101): see what it says above. What is there now:\n" +
        "  - flowlog-guard-check: is there, as s.yaml says\n" +
        "  - flowlog-guard-audit: is not there\n",
    );
    expect(stdout).toContain("deploy: removed the logs that Serverless Devs wrote in this run");
    expect(existsSync(join(project, ".s"))).toBe(false);
    expect(callsOf(binDir).at(-1)?.args).toEqual([
      "flowlog-guard-audit",
      "info",
      "--silent",
      // Spelt "-o json" it would exit 0 and say nothing.
      "--output-format=json",
    ]);
  });

  test("it fails on a trigger: the function without it is found", async () => {
    const key = "flowlog-guard-check";
    const failures = { ...ABSENT, [key]: failureOf(key, "TriggerNotFound", 404) };
    const { stderr } = await deploy({ deploy: FAILED, info: "", failures });
    expect(stderr).toContain(
      "  - flowlog-guard-check: is there, but a trigger of s.yaml is not\n" +
        "  - flowlog-guard-audit: is not there\n",
    );
  });

  test.each([
    [
      "in colours",
      (text: string) => text.replace("FunctionNotFound", "\u001b[31mFunctionNotFound"),
    ],
    [
      "without its settings",
      (text: string) => text.replace("FunctionNotFound", "AsyncConfigNotExists"),
    ],
  ])("what is there now is understood %s", async (_how, change) => {
    const failures = Object.fromEntries(
      Object.entries(ABSENT).map(([key, text]) => [key, change(text)]),
    );
    const { stderr } = await deploy({ deploy: FAILED, info: "", failures });
    expect(stderr).toMatch(/is not there|is there, but its asyncInvokeConfig is not/);
    expect(stderr).not.toContain("nothing is known");
  });

  test.each<[string, string, string]>([
    ["may not read", failureOf("flowlog-guard-check", "AccessDenied", 403), "(AccessDenied)"],
    ["is not told why", "Not found access: default", "(s info: exit code 101)"],
  ])("it fails, and reading back %s: nothing is said to be gone", async (_name, said, reason) => {
    const failures = { "flowlog-guard-check": said, "flowlog-guard-audit": said };
    const { exitCode, stderr } = await deploy({ deploy: FAILED, info: "", failures });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("s deploy failed (exit code 101)");
    expect(stderr).toContain(
      `  - flowlog-guard-check: cannot be read, so nothing is known of it ${reason}\n`,
    );
  });

  test("it exits 0, and nothing is there", async () => {
    const { exitCode, stderr } = await deploy({
      deploy: { output: "", exitCode: 0 },
      info: "",
      failures: ABSENT,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-check: is not there\n");
    expect(stderr).toContain("  - flowlog-guard-audit: is not there\n");
  });

  test("it exits 0, and something else is there; no secret is in what is told", async () => {
    const told = info(({ "flowlog-guard-check": found }) => {
      found["timeout"] = 3;
      found["role"] = HOOK;
      found["environmentVariables"] = {
        FLOWLOG_GUARD_WEBHOOK_URL: "https://a.example/old-hook-path",
      };
    });
    const env = { ...ENV, FLOWLOG_GUARD_WEBHOOK_URL: HOOK };
    const { exitCode, stderr, output } = await deploy({ deploy: DEPLOYED, info: told }, { env });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-check: timeout is 3, and should be 120\n");
    expect(stderr).toContain("the variable FLOWLOG_GUARD_WEBHOOK_URL has another value");
    expect(output).not.toMatch(/hook-path|hook-token|whsec_/);
  });
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
    deploy(
      { plan: { output: PLAN, exitCode: 0 }, failures: ABSENT, ...behaviour },
      { args: ["--plan"] },
    );

  test.each([
    ["nothing would change", RECORDED, "flowlog-guard-check: is there, as s.yaml says"],
    ["nothing is there yet", "", "flowlog-guard-check: is not there"],
    [
      "something would change",
      info(({ "flowlog-guard-audit": found }) => (found["timeout"] = 60)),
      "flowlog-guard-audit: timeout is 60, and should be 120",
    ],
  ])("shows that %s, and neither builds nor changes anything", async (_name, told, says) => {
    const { exitCode, stdout, output } = await planned({ info: told });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(says);
    expect(stdout).toContain("FLOWLOG_GUARD_WEBHOOK_URL: ***");
    expect(output).not.toMatch(/old-path-22ff|example.com\/hook|npm run build/);
    expect(existsSync(join(project, "dist"))).toBe(false);
    const calls = callsOf(binDir).map(({ args }) => args.join(" "));
    expect(calls.filter((call) => !/^(-v|plan|([\w-]+ )?info .*)$/.test(call))).toEqual([]);
  });

  test("of something wrong, and where Serverless Devs fails, exits 1", async () => {
    const failed = await planned({ plan: { output: "", exitCode: 101 } });
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("s plan failed") });
    rmSync(binDir, { recursive: true });
    const unread = await planned({
      failures: { "flowlog-guard-audit": failureOf("flowlog-guard-audit", "AccessDenied", 403) },
    });
    expect(unread).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("AccessDenied") });
    rmSync(binDir, { recursive: true });
    writeFileSync(join(project, "s.yaml"), S_YAML.replace("enable:", "enabled:"));
    const wrong = await planned({ info: RECORDED });
    expect(wrong).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("enabled: is not"),
    });
  });
});

describe("what is read back", () => {
  /** Reads back from the stand-in, in this process. */
  const differences = async (output: string, template = templateOf()): Promise<string[]> => {
    installServerlessDevs(binDir, { info: output, failures: ABSENT });
    const shell = {
      cwd: project,
      env: { PATH: binDir, GITHUB_ACTIONS: "true" },
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

  test("is one of somebody else's", async () => {
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
  ])("lets others in than it should: %s", (says, change) => {
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
    const told = (change: (found: FunctionInfo) => unknown = () => {}): string =>
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
    expect(await differences(told(), template)).toEqual([]);
    rmSync(binDir, { recursive: true });
    const gone = told((found) => {
      found["vpcConfig"] = { ...VPC, vpcId: "vpc-9" };
      found["logConfig"] = { ...log, logstore: "other" };
      Object.assign(Object(found["asyncInvokeConfig"]), { destinationConfig: {} });
    });
    expect((await differences(gone, template)).join()).toMatch(
      /vpcConfig.vpcId.*vpcConfig.vSwitchIds.*logConfig.logstore is "other".*onFailure is not set/,
    );
  });
});

test("no secret is printed: not ours, not what was deployed before, in no form", async () => {
  writeFileSync(
    join(project, "flowlog-guard.yaml"),
    'alerts: { receivers: [{ url: "${PLAIN_NAME}" }] }\n',
  );
  writeFileSync(
    join(project, "s.yaml"),
    S_YAML.replace(
      "        FLOWLOG_GUARD_REGIONS: ${vars.regions}",
      "        FLOWLOG_GUARD_REGIONS: ${vars.regions}\n        PLAIN_NAME: ${env('PLAIN_NAME')}",
    ),
  );
  const plain = "https://alerts.example.com/plain-path-77bb";
  const keys = JSON.stringify({ AccessKeyID: "LTAI-id-5c21", SecurityToken: "sts-token-42cc" });
  const env = {
    ...ENV,
    FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
    FLOWLOG_GUARD_WEBHOOK_SECRET: SECRET,
    PLAIN_NAME: plain,
    ci_serverless_devs_key: keys,
    AccessKeySecret: "key-secret-33dd",
  };
  const output = `
      \u001b[1mFLOWLOG_GUARD_WEBHOOK_URL: \u001b[22m   ${HOOK}
    "FLOWLOG_GUARD_WEBHOOK_SECRET": "${SECRET}",
{"environmentVariables":{"A":"b","FLOWLOG_GUARD_WEBHOOK_URL":"${HOOK}","PLAIN_NAME":"${plain}"}}
-     FLOWLOG_GUARD_WEBHOOK_SECRET: whsec_old-secret-11ee
+     FLOWLOG_GUARD_WEBHOOK_SECRET: ${SECRET}
-     PLAIN_NAME: >-
-       https://alerts.example.com/old-path-22ff
    FLOWLOG_GUARD_WEBHOOK_URL: |
      https://alerts.example.com/old-path-22ff
    timeout: 120
the request to ${encodeURIComponent(plain)} with ${Buffer.from(SECRET).toString("base64")}
LTAI-id-5c21 key-secret-33dd sts-token-42cc
{"x":{"FLOWLOG_GUARD_WEBHOOK_SECRET":"whsec_old-secret-11ee"},"y":1}
{"body":"{\\"FLOWLOG_GUARD_WEBHOOK_URL\\":\\"https://alerts.example.com/old-path-22ff\\"}"}
  FLOWLOG_GUARD_WEBHOOK_URL:
      https://alerts.example.com/old-path-22ff
  a=1 FLOWLOG_GUARD_WEBHOOK_URL => https://alerts.example.com/old-path-22ff
  FLOWLOG_GUARD_WEBHOOK_URL=https://alerts.example.com/a,old-path-22ff
  FLOWLOG_GUARD_HEARTBEAT_URL: https://hc.example.com/old-path-22ff
  ['FLOWLOG_GUARD_WEBHOOK_URL', 'https://alerts.example.com/old-path-22ff']
POST /plain-path-77bb?a=1\\u0026b=2 at ${JSON.stringify(`${plain}?a=1&b=2`).replaceAll("&", "\\u0026")}
    memorySize: 256
`;
  const { stdout, output: all } = await deploy({ deploy: { output, exitCode: 1 } }, { env });
  const secrets = /hook-path|hook-token|whsec_|plain-path|5c21|42cc|33dd|11ee|22ff/;
  expect(all).not.toMatch(secrets);
  expect(all).not.toContain(Buffer.from(SECRET).toString("base64"));
  expect(stdout).toContain("FLOWLOG_GUARD_WEBHOOK_URL: ***");
  expect(stdout).toContain("    timeout: 120\n");
  expect(stdout).toContain("    memorySize: 256\n");
});

test("no secret is printed that another name holds, or that was deployed before", async () => {
  const text = S_YAML.replace(
    "${env('FLOWLOG_GUARD_WEBHOOK_URL', 'unset')}",
    "${env('PROD_HOOK')}",
  );
  writeFileSync(join(project, "s.yaml"), text);
  const literal = "https://hooks.slack.com/services/T0/B0/literal-path-77bb";
  writeFileSync(
    join(project, "flowlog-guard.yaml"),
    `heartbeat: "${literal}"\nalerts: { receivers: [{ url: "https://a.example/literal-path-99dd" }] }\n`,
  );
  const output = `flowlog-guard-check:
    ~ environmentVariables:
       - TEAM_HOOK: https://open.example.com/hook/old-path-22ff
       ~ FLOWLOG_GUARD_REGIONS: cn-hangzhou => cn-beijing
    ~ timeout: 60 => 120
    + environmentVariables: {"FLOWLOG_GUARD_REGIONS":"unset","TEAM_HOOK":"old-path-22ff"}
error: cannot reach ${HOOK} nor ${literal} nor https://a.example/literal-path-99dd
\u001b]8;;${HOOK}\u0007a link\u001b]8;;\u0007
    memorySize: 256
`;
  const env = { ...ENV, PROD_HOOK: HOOK };
  const { FLOWLOG_GUARD_WEBHOOK_URL: _url, ...rest } = env;
  const { output: all, stdout } = await deploy(
    { plan: { output, exitCode: 1 }, failures: ABSENT },
    { env: rest, args: ["--plan"] },
  );
  expect(all).not.toMatch(/hook-path|hook-token|old-path|literal-path/);
  expect(stdout).toContain("FLOWLOG_GUARD_REGIONS: cn-hangzhou => cn-beijing\n");
  expect(stdout).toContain("timeout: 60 => 120\n");
  expect(stdout).toContain("    memorySize: 256\n");
});

test("an argument that may be an address is not repeated", async () => {
  const { exitCode, stderr } = await deploy({}, { args: [HOOK] });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("(value not shown)");
  expect(stderr).not.toMatch(/hook-path|hook-token/);
});

test("--help and a flag that does not exist", async () => {
  cpSync(join(ROOT, "package.json"), join(project, "package.json"));
  expect(await deploy({}, { args: ["--help"] })).toMatchObject({ exitCode: 0, stderr: "" });
  rmSync(binDir, { recursive: true });
  const { exitCode, stderr } = await deploy({}, { args: ["--plam"] });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Unknown option '--plam'");
  expect(callsOf(binDir)).toEqual([]);
});
