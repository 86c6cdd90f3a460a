import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { beforeEach, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";

import { startEmulator } from "../emulator/emulator.ts";
import { startFunctionCompute } from "../emulator/function-compute.ts";
import { functionContext, functionEnv, invokeAudit } from "../harness/invoke-function.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { RECORDED, useDeployProject } from "./deploy-project.ts";
import { callsOf, installServerlessDevs } from "./serverless-devs.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GUIDE = readFileSync(join(ROOT, "docs/deploy.md"), "utf8");
/** The variables that the guide's reader has set by then. */
const ENV = {
  ACCOUNT_ID: "1234567890123456",
  DEPLOY_REGION: "cn-hangzhou",
  FLOWLOG_GUARD_WEBHOOK_URL: "https://alerts.example.com/hook",
  AccountID: "1234567890123456",
  AccessKeyID: "LTAI5tGuideKey",
  AccessKeySecret: "key-secret-33dd",
};

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => String(text),
  );
}

/** A checkout of the project, with stand-ins for everything that the guide calls. */
const project = useDeployProject((program) => ({ deploy: `node ${program}` }));
beforeEach(() => {
  cpSync(join(ROOT, "docs"), join(project.folder, "docs"), { recursive: true });
  cpSync(join(ROOT, "s.organization.yaml"), join(project.folder, "s.organization.yaml"));
});

/** Behaves as the real command line with only keys in the environment. */
const ALIYUN = `#!/bin/sh
case " $* " in
  *" --region "*) ;;
  *) echo "ERROR: region can't be empty" >&2; exit 3 ;;
esac
`;

function install(info: string): void {
  installServerlessDevs(project.binDir, {
    deploy: { output: "", exitCode: 0 },
    plan: { output: "", exitCode: 0 },
    info,
  });
  symlinkSync("/bin/cat", join(project.binDir, "cat"));
  const npm = realpathSync(join(project.binDir, "npm"));
  const programs = {
    aliyun: ALIYUN,
    npm: `#!/bin/sh\ncase $1 in ci | install) ;; *) exec node ${npm} "$@" ;; esac\n`,
    "flowlog-guard": `#!/bin/sh\nexec node ${join(inject("dist"), "cli/index.js")} "$@"\n`,
  };
  for (const [name, text] of Object.entries(programs)) {
    rmSync(join(project.binDir, name), { force: true });
    writeFileSync(join(project.binDir, name), text);
    chmodSync(join(project.binDir, name), 0o755);
  }
}

/** Runs lines of the guide; a line that fails ends them. */
async function follow(script: string, env: Record<string, string>): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run("/bin/sh", ["-eu", "-c", script], {
    cwd: project.folder,
    env: { ...cliEnv(ENV), HOME: project.folder, PATH: project.binDir, ...env },
  });
  return stdout;
}

/** What is deployed after the lines. */
function infoAfter(script: string): string {
  const info = JSON.parse(RECORDED);
  if (script.includes("FLOWLOG_GUARD_STATE=")) {
    const state = /FLOWLOG_GUARD_STATE=(\S+)/.exec(script)?.[1];
    info["flowlog-guard-check"].environmentVariables.FLOWLOG_GUARD_STATE = state;
  }
  if (script.includes("-t s.prod.yaml")) {
    const { resources } = parse(blocks("yaml").find((text) => text.includes("extend:")) ?? "");
    const { timeout, asyncInvokeConfig } = resources["flowlog-guard-check"].props;
    const check = info["flowlog-guard-check"];
    Object.assign(check, { functionName: "prod-check", timeout });
    Object.assign(check.asyncInvokeConfig, asyncInvokeConfig);
    info["flowlog-guard-audit"].functionName = "prod-audit";
  }
  if (script.includes("-t s.organization.yaml")) {
    for (const key of ["flowlog-guard-check", "flowlog-guard-audit"]) {
      Object.assign(info[key], { timeout: 900, memorySize: 1024, cpu: 1 });
      Object.assign(info[key].environmentVariables, variablesIn(script));
    }
  }
  return JSON.stringify(info, null, 2);
}

/** What the lines export for the functions. */
function variablesIn(script: string): Record<string, string> {
  return Object.fromEntries(
    [...script.matchAll(/^export (FLOWLOG_GUARD_\w+)=(\S+)/gm)].map(([, name, value]) => [
      String(name),
      String(value),
    ]),
  );
}

/** The address is for the reader to fill in. */
function filledIn(script: string): string {
  return script.replaceAll("https://alerts.example.com/...", ENV.FLOWLOG_GUARD_WEBHOOK_URL);
}

describe("the deployment guide, followed line by line", () => {
  test.each(blocks("sh").map((script) => [script.split("\n")[0], script]))(
    "%s",
    async (_first, script) => {
      await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
      const [key] = emulator.world.keys;
      if (key === undefined) throw new Error("the emulator has a key");
      await using deployed = await startFunctionCompute({
        accountId: emulator.world.accountId,
        key,
        functions: {
          "flowlog-guard-audit": (event) =>
            invokeAudit(event, functionContext(emulator), functionEnv(emulator)),
        },
      });
      for (const text of blocks("yaml")) {
        const name = /^# (s\.\w+\.yaml)\n/.exec(text)?.[1];
        if (name !== undefined) writeFileSync(join(project.folder, name), text);
      }
      install(infoAfter(script));
      await follow(filledIn(script), {
        ...emulatorEnv(emulator),
        FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
      });
      // A skipped deployment would pass as well.
      const deployments = script.match(/npm run deploy(?! -- --plan)/g) ?? [];
      const calls = callsOf(project.binDir).filter(({ args }) => args[0] === "deploy");
      expect(calls).toHaveLength(deployments.length);
    },
  );

  const [workflow] = blocks("yaml").filter((text) => text.includes("runs-on:"));

  test.each([
    ["pull_request", ["-v", "plan", "info"]],
    ["push", ["-v", "deploy", "info"]],
  ])("its CI job on %s", async (event, commands) => {
    const { env, steps } = parse(String(workflow)).jobs.deploy;
    const { run } = steps.at(-1);
    install(RECORDED);
    const { AccountID: _id, AccessKeyID: _key, AccessKeySecret: _secret, ...rest } = ENV;
    const script = String(run).replace(
      "${{ github.event_name == 'pull_request' && '--plan' || '' }}",
      event === "pull_request" ? "--plan" : "",
    );
    expect(script).not.toContain("${{");
    const output = await follow(`unset AccountID AccessKeyID AccessKeySecret\n${script}`, {
      ...rest,
      ...env,
      FLOWLOG_GUARD_WEBHOOK_URL: ENV.FLOWLOG_GUARD_WEBHOOK_URL,
      GITHUB_ACTIONS: "true",
      // As the action exports them.
      ALIBABA_CLOUD_ACCESS_KEY_ID: "STS.guide-5c21",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret-88fe",
      ALIBABA_CLOUD_SECURITY_TOKEN: "token-42cc",
    });
    expect(output).not.toMatch(/5c21|88fe|42cc/);
    expect(callsOf(project.binDir).map(({ args }) => args[0])).toEqual(commands);
    expect(callsOf(project.binDir).at(-1)?.args.slice(-2)).toEqual([
      "--access",
      "ci_serverless_devs_key",
    ]);
  });
});
