import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { ENV, RECORDED, S_YAML, useDeployProject, deployIn, DEPLOYED } from "./deploy-project.ts";
import { callsOf } from "./serverless-devs.ts";

const project = useDeployProject();

describe("nothing is built or deployed", () => {
  const refused = async (
    files: Record<string, string>,
    { env = ENV, args = [] }: { env?: Record<string, string>; args?: readonly string[] } = {},
  ): Promise<string> => {
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(project.folder, name), text);
    const { exitCode, stderr, output } = await deployIn(
      project,
      { deploy: DEPLOYED, info: RECORDED },
      { env, args },
    );
    expect(exitCode).toBe(1);
    expect(output).not.toContain("npm run build");
    expect(output).not.toMatch(/hook-path|hook-token|whsec_|5c21/);
    expect(["deploy", "info"]).not.toContain(callsOf(project.binDir).at(-1)?.args[0]);
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
    const { exitCode, stdout } = await deployIn(
      project,
      { deploy: DEPLOYED, info: RECORDED },
      { env },
    );
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
    ["that does not exist", {}, ["-t", "s.prod.yaml"], "s.prod.yaml: is not there"],
    [
      "in another folder",
      { "bin/s.yaml": S_YAML },
      ["-t", "bin/s.yaml"],
      "bin/s.yaml: must lie in",
    ],
    [
      "that extends one that does not exist",
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
      "that extends in an unsupported way",
      { "s.a.yaml": "extend: { template: ./s.yaml }\n" },
      ["-t", "s.a.yaml"],
      "s.a.yaml: extend: must be the path of another file",
    ],
    [
      "that removes all resources",
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
      "that removes a function by giving it no value",
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
    mkdirSync(project.binDir, { recursive: true });
    expect(await refused(files, { args })).toContain(says);
  });

  test("without Serverless Devs, or with another program of its name", async () => {
    const missing = await deployIn(project, { version: null });
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("npm install --global @serverless-devs/s@3.1.10");
    rmSync(project.binDir, { recursive: true });
    expect((await deployIn(project, { version: "s 1.0" })).stderr).toContain("another program");
    rmSync(project.binDir, { recursive: true });
    const silent = await deployIn(project, { version: "", deploy: DEPLOYED, info: RECORDED });
    expect(silent.exitCode).toBe(0);
    expect(silent.stdout).toContain("not one that does not say its version");
  });

  test("with a wrong s.yaml, whose problems are all listed", async () => {
    const text = S_YAML.replace("enable:", "enabled:").replace("timeout: 120", "timeout: '120'");
    const stderr = await refused({ "s.yaml": text, ".env": "A=$b\n" });
    expect(stderr).toContain("triggerConfig.enabled: is not a known key");
    expect(stderr).toContain("timeout: must be a whole number");
    expect(stderr).toContain(".env: line 1");
  });

  test.each(["yaml", "yml"])("with a wrong flowlog-guard.%s", async (ending) => {
    const name = `flowlog-guard.${ending}`;
    const stderr = await refused({ [name]: "regions: [CN-Hangzhou]\n" });
    expect(stderr).toContain(`${name}:1:11: regions[0]: "CN-Hangzhou" is not a region`);
  });

  test("with two configuration files", async () => {
    const text = "regions: [cn-hangzhou]\n";
    const stderr = await refused({ "flowlog-guard.yaml": text, "flowlog-guard.yml": text });
    expect(stderr).toContain("flowlog-guard.yaml and flowlog-guard.yml: both are here.");
  });
});
