import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";

import { checkTemplate } from "../../deploy/check-template.ts";
import { differencesOf } from "../../deploy/read-back.ts";
import { type ProcessResult, runNode } from "../harness/run-process.ts";
import { type Behaviour, callsOf, installServerlessDevs } from "./serverless-devs.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const S_YAML = readFileSync(join(ROOT, "s.yaml"), "utf8");
const HOOK = "https://alerts.example.com/hook-path-5c21?token=hook-token-88fe";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ENV = {
  FC_REGION: "cn-hangzhou",
  ACCOUNT_ID: "1234567890123456",
  FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
  FLOWLOG_GUARD_WEBHOOK_SECRET: SECRET,
};
const DEPLOYED = { output: "✔ [flowlog-guard-check] completed (0.02s)\n", exitCode: 0 };

/** The program in one file: to compile it anew for each test takes longer than all that it does. */
let program: string;
beforeAll(async () => {
  program = join(inject("dist"), "deploy.mjs");
  await build({
    entryPoints: [join(ROOT, "deploy/deploy.ts")],
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
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

interface FunctionInfo {
  function: Record<string, unknown>;
  triggers: TriggerInfo[];
  asyncInvokeConfig?: Record<string, unknown>;
}
type Info = Record<string, FunctionInfo>;
interface TriggerInfo {
  readonly triggerName: string;
  readonly triggerConfig: Record<string, unknown>;
}

/** What `s info` prints of a deployment that went well, after a change. */
function info(change: (info: Info) => void = () => {}, env: Record<string, string> = ENV): string {
  const { template } = checkTemplate(S_YAML, env, null);
  const told: Info = Object.fromEntries(
    Object.entries(template?.resources ?? {}).map(([key, { props }]) => {
      const { triggers, region, asyncInvokeConfig, ...rest } = structuredClone(props);
      return [key, { region, function: { ...rest, state: "Active" }, triggers, asyncInvokeConfig }];
    }),
  );
  change(told);
  return JSON.stringify(told, null, 2);
}

function check(told: Info): FunctionInfo {
  const found = told["flowlog-guard-check"];
  if (found === undefined) throw new Error("not told");
  return found;
}

describe("a deployment that goes well", () => {
  test("builds, deploys without asking, reads back, and says so", async () => {
    const { exitCode, stdout, stderr } = await deploy({ deploy: DEPLOYED, info: info() });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("✔ [flowlog-guard-check] completed");
    expect(stdout).toContain("flowlog-guard-check and flowlog-guard-audit are deployed as s.yaml");
    expect(callsOf(binDir)).toEqual([
      { args: ["-v"], asks: false },
      { args: ["deploy", "-y"], asks: false },
      { args: ["info", "--silent", "-o", "json"], asks: false },
    ]);
  });

  test("with other credentials, and a .env that Serverless Devs reads too", async () => {
    const { ACCOUNT_ID, ...env } = ENV;
    writeFileSync(join(project, ".env"), `ACCOUNT_ID=${ACCOUNT_ID}\nFC_REGION=cn-beijing\n`);
    const { exitCode } = await deploy(
      { deploy: DEPLOYED, info: info() },
      { env, args: ["-a", "ci_serverless_devs_key"] },
    );
    expect(exitCode).toBe(0);
    for (const { args } of callsOf(binDir).slice(1)) {
      expect(args.slice(-2)).toEqual(["--access", "ci_serverless_devs_key"]);
    }
  });

  test("without a receiver it says that nobody will be alerted", async () => {
    const { FC_REGION, ACCOUNT_ID } = ENV;
    const env = { FC_REGION, ACCOUNT_ID };
    const { exitCode, stdout } = await deploy(
      { deploy: DEPLOYED, info: info(undefined, env) },
      { env },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("deploy: warning: no receiver is configured");
  });
});

describe("nothing is deployed", () => {
  test.each<[string, Record<string, string>, string]>([
    ["without an account", { FC_REGION: "cn-hangzhou" }, "ACCOUNT_ID is not set"],
    [
      "with the keys of another account",
      { ...ENV, AccountID: "999", AccessKeyID: "LTAI5c21", AccessKeySecret: "s-88fe" },
      "AccountID: is another account",
    ],
    [
      "with a temporary key whose token is dropped",
      { ...ENV, AccountID: ENV.ACCOUNT_ID, AccessKeyID: "STS.5c21", AccessKeySecret: "s-88fe" },
      "whose token Serverless Devs would drop",
    ],
  ])("%s", async (_name, env, says) => {
    const { exitCode, stderr } = await deploy({ deploy: DEPLOYED, info: info() }, { env });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(says);
    expect(callsOf(binDir).map(({ args }) => args[0])).toEqual(["-v"]);
  });

  test("without Serverless Devs, or with another program of its name", async () => {
    const missing = await deploy({ version: null });
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("npm install --global @serverless-devs/s@3.1.10");
    rmSync(binDir, { recursive: true });
    expect((await deploy({ version: "s 1.0" })).stderr).toContain("another program");
  });

  test("with a wrong s.yaml, and every problem is told", async () => {
    const text = S_YAML.replace("enable:", "enabled:").replace("timeout: 120", "timeout: '120'");
    writeFileSync(join(project, "s.yaml"), text);
    const { exitCode, stderr } = await deploy({ deploy: DEPLOYED, info: info() });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("triggerConfig.enabled: is not a known key");
    expect(stderr).toContain("timeout: must be a whole number");
  });

  test("with a wrong flowlog-guard.yaml", async () => {
    writeFileSync(join(project, "flowlog-guard.yaml"), "regions: [CN-Hangzhou]\n");
    const { exitCode, stderr } = await deploy({ deploy: DEPLOYED, info: info() });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('flowlog-guard.yaml: regions[0]: "CN-Hangzhou" is not a region');
  });

  test.each([
    ["that fails", "exit 3", "npm run build failed"],
    ["that builds nothing", "exit 0", "./dist/check is not there after the build"],
  ])("with a build %s", async (_name, build, says) => {
    writeFileSync(join(project, "package.json"), JSON.stringify({ scripts: { build } }));
    const { exitCode, stderr } = await deploy({ deploy: DEPLOYED, info: info() });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(says);
    expect(callsOf(binDir).map(({ args }) => args[0])).toEqual(["-v"]);
  });
});

describe("a deployment that did not happen as said", () => {
  test("Serverless Devs fails", async () => {
    const output = "✖ [flowlog-guard-check] failed to [deploy] (0.01s)\nNoPermission\n";
    const { exitCode, stdout, stderr } = await deploy({ deploy: { output, exitCode: 101 } });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("NoPermission");
    expect(stderr).toBe("deploy: s deploy failed (exit code 101): see what it says above.\n");
    expect(callsOf(binDir).map(({ args }) => args[0])).toEqual(["-v", "deploy"]);
  });

  test("reading back fails, though what it printed is as it should be", async () => {
    const behaviour = { deploy: DEPLOYED, info: info(), infoExitCode: 101 };
    const { exitCode, stderr } = await deploy(behaviour);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - s info: failed (exit code 101)\n");
  });

  test("it exits 0, and nothing is there", async () => {
    const gone = info((told) => {
      for (const entry of Object.values(told)) {
        entry.function = { error: { code: "FunctionNotFound", message: "no such function" } };
        entry.triggers = [];
      }
    });
    const { exitCode, stderr } = await deploy({ deploy: { output: "", exitCode: 0 }, info: gone });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-check: is not there (FunctionNotFound)\n");
    expect(stderr).toContain("  - flowlog-guard-audit: is not there (FunctionNotFound)\n");
  });

  test("it exits 0, and something else is there; no secret is in what is told", async () => {
    const told = info((all) => {
      const { function: found } = check(all);
      found["timeout"] = 3;
      found["role"] = HOOK;
      found["environmentVariables"] = {
        FLOWLOG_GUARD_WEBHOOK_URL: "https://a.example/old-hook-path",
      };
    });
    const { exitCode, stderr, output } = await deploy({ deploy: DEPLOYED, info: told });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-check: timeout is 3, and should be 120\n");
    expect(stderr).toContain("the variable FLOWLOG_GUARD_WEBHOOK_URL has another value");
    expect(output).not.toMatch(/hook-path|hook-token|whsec_/);
  });
});

describe("what is read back", () => {
  const differences = (change: (all: Info) => void, env: Record<string, string> = ENV) => {
    const { template } = checkTemplate(S_YAML, env, null);
    if (template === null) throw new Error("s.yaml is wrong");
    return differencesOf(template, info(change, env));
  };

  test("is as it should be, with the role's name in small letters", () => {
    const env = { ...ENV, ROLE_NAME: "FlowlogGuard" };
    const small = (all: Info): void => {
      for (const { function: found } of Object.values(all)) {
        found["role"] = String(found["role"]).toLowerCase();
      }
    };
    expect(differences(small, env)).toEqual([]);
  });

  test.each(["", "Error", "{ cut", "{}"])("is nothing: %j", (printed) => {
    const { template } = checkTemplate(S_YAML, ENV, null);
    if (template === null) throw new Error("s.yaml is wrong");
    expect(differencesOf(template, printed).join()).toMatch(
      /printed nothing that can be read|is not in what s info printed/,
    );
  });

  test.each<[string, (found: FunctionInfo) => void]>([
    ["timeout is 3, and should be 120", (found) => void (found.function["timeout"] = 3)],
    ["timeout is not set, and should be 120", (found) => void delete found.function["timeout"]],
    [
      'handler is "main.handler", and should be "index.handler"',
      (found) => void (found.function["handler"] = "main.handler"),
    ],
    [
      'role is "acs:ram::1234567890123456:role/auto"',
      (found) => void (found.function["role"] = "acs:ram::1234567890123456:role/auto"),
    ],
    ["functionName is", (found) => void (found.function["functionName"] = "another")],
    ["cpu is 4, and should be 0.25", (found) => void (found.function["cpu"] = 4)],
    [
      "the trigger old is not in s.yaml",
      (found) =>
        void found.triggers.push({ triggerName: "old", triggerConfig: { authType: "anonymous" } }),
    ],
    [
      "the variable OLD is not in s.yaml",
      ({ function: found }) =>
        void Object.assign(Object(found["environmentVariables"]), { OLD: "value" }),
    ],
    ["the trigger schedule is not there", (found) => void (found.triggers = [])],
    [
      'schedule.cronExpression is "0 17 * * * *"',
      ({ triggers }) =>
        void Object.assign(Object(triggers[0]?.triggerConfig), { cronExpression: "0 17 * * * *" }),
    ],
    [
      "schedule.enable is false, and should be true",
      ({ triggers }) => void Object.assign(Object(triggers[0]?.triggerConfig), { enable: false }),
    ],
    [
      "the variable FLOWLOG_GUARD_WEBHOOK_URL has another value",
      ({ function: { environmentVariables } }) =>
        void Object.assign(Object(environmentVariables), {
          FLOWLOG_GUARD_WEBHOOK_URL: "https://alerts.example.com/old-hook-path-99aa",
        }),
    ],
    [
      "the variable FLOWLOG_GUARD_REGIONS is not there",
      (found) => void (found.function["environmentVariables"] = {}),
    ],
  ])("is not the same: %s", (says, change) => {
    const found = differences((all) => change(check(all)));
    expect(found.join()).toContain(`flowlog-guard-check: ${says}`);
    expect(found.join()).not.toMatch(/hook-path|hook-token|whsec_/);
  });

  test("lets anybody in", () => {
    const found = differences((all) => {
      const trigger = all["flowlog-guard-audit"]?.triggers[0];
      if (trigger !== undefined) trigger.triggerConfig["authType"] = "anonymous";
    });
    expect(found).toEqual([
      'flowlog-guard-audit: http.authType is "anonymous", and should be "function"',
    ]);
  });

  test("repeats more often than it should, where the component tells", () => {
    const [found] = differences((all) => {
      check(all).asyncInvokeConfig = { maxAsyncRetryAttempts: 3 };
    });
    expect(found).toContain("maxAsyncRetryAttempts is 3, and should be 2");
    const silent = (all: Info): void => {
      for (const entry of Object.values(all)) delete entry.asyncInvokeConfig;
    };
    expect(differences(silent)).toEqual([]);
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

test("--help and a flag that does not exist", async () => {
  cpSync(join(ROOT, "package.json"), join(project, "package.json"));
  expect(await deploy({}, { args: ["--help"] })).toMatchObject({ exitCode: 0, stderr: "" });
  rmSync(binDir, { recursive: true });
  const { exitCode, stderr } = await deploy({}, { args: ["--force"] });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Unknown option '--force'");
  expect(callsOf(binDir)).toEqual([]);
});
