import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";

import type { Report } from "../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { type LoopbackServer, startLoopbackServer } from "../harness/loopback-server.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { type ActionRun, runCompositeAction } from "./run-composite-action.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ROLE_ARN = "acs:ram::1000000000000001:role/auditor";
const PROVIDER_ARN = "acs:ram::1000000000000001:oidc-provider/github";
const REQUEST_TOKEN = "request-token-31ab";
const ID_TOKEN = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2lnbmF0dXJl-7f";
const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);

/** An action whose build is that of these tests. */
let actionPath: string;
let folder: string;
let workspace: string;
let temp: string;

beforeAll(() => {
  actionPath = mkdtempSync(join(tmpdir(), "flowlog-guard-action-"));
  for (const name of ["action.yml", "deploy", "node_modules"]) {
    symlinkSync(join(ROOT, name), join(actionPath, name));
  }
  symlinkSync(inject("dist"), join(actionPath, "dist"));
});
afterAll(() => rmSync(actionPath, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowlog-guard-job-"));
  [workspace, temp] = [join(folder, "workspace"), join(folder, "temp")];
  for (const path of [workspace, temp]) mkdirSync(path);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the action without its build. */
async function act(
  env: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  const jobEnv = { ...cliEnv(env), PATH };
  const job = { actionPath, workspace, temp, env: jobEnv, inputs };
  const run = await runCompositeAction({ ...job, without: ["build"] });
  for (const secret of secretsIn(env)) expect(run.rawLog + run.summary).not.toContain(secret);
  return run;
}

function secretsIn(env: Readonly<Record<string, string>>): string[] {
  const names = ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  return [ID_TOKEN, ...names.flatMap((name) => env[name] ?? [])];
}

/** The files below a folder. */
function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

const MIXED = { "cn-a": { activated: true }, "cn-b": { activated: false } };

describe("the action", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ regions: MIXED });
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test("audits with the keys of the job: log, summary, files, outputs, exit code", async () => {
    const inputs = { output: "report.sarif\nhtml:page of the audit\n" };
    const run = await act(emulatorEnv(emulator), inputs);
    expect(run.exitCode).toBe(1);
    expect(run.log).toMatch(/^✖ NON_COMPLIANT +cn-b/m);
    expect(run.summary).toMatch(/^## ✖ 1 of 2 regions is not compliant/);
    expect(run.annotations).toEqual([]);
    expect(run.stopped).toContain("NON_COMPLIANT");
    expect(run.outputs).toEqual({
      "exit-code": "1",
      status: "non_compliant",
      compliant: "1",
      "non-compliant": "1",
      "insufficient-data": "0",
      report: expect.stringContaining(temp),
      files: "report.sarif\npage of the audit",
    });
    const report = JSON.parse(readFileSync(String(run.outputs["report"]), "utf8")) as Report;
    expect(report.summary).toMatchObject({ total: 2, nonCompliant: 1 });
    expect(readFileSync(join(workspace, "page of the audit"), "utf8")).toMatch(/^<!doctype html>/i);
  });

  test("passes where everything is compliant", async () => {
    const run = await act(emulatorEnv(emulator), { regions: "cn-a" });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ "exit-code": "0", status: "compliant", compliant: "1" });
  });

  test("takes lists by lines, and the flags that inputs stand for", async () => {
    const inputs = {
      regions: "cn-a\n cn-b \n",
      rules: "all",
      only: "non_compliant",
      summary: "false",
      "fail-on": "never",
    };
    const run = await act(emulatorEnv(emulator), inputs);
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ "exit-code": "0", status: "non_compliant" });
    expect(run.log).not.toContain("✔ COMPLIANT");
    expect(run.log).toContain("10 findings in 2 regions");
    expect(run.summary).toBe("");
  });

  test("reads a configuration file, and alerts with its receivers", async () => {
    writeFileSync(join(workspace, "guard.yaml"), "regions: [cn-a]\n");
    const inputs = { config: "guard.yaml" };
    const run = await act(emulatorEnv(emulator), inputs);
    expect(run.outputs).toMatchObject({ compliant: "1", "non-compliant": "0" });
    const alerting = await act(emulatorEnv(emulator), { ...inputs, alert: "true" });
    expect(alerting.exitCode).toBe(3);
    expect(alerting.log).toContain("--alert: ");
    expect(alerting.outputs).toMatchObject({ status: "failed", compliant: "", report: "" });
  });

  test("says which input is wrong, and asks nothing", async () => {
    const asked = emulator.requests.length;
    const inputs = { "fail-on": "sometimes", alert: "yes", "role-arn": ROLE_ARN };
    const run = await act(emulatorEnv(emulator), inputs);
    expect(run.exitCode).toBe(3);
    expect(run.annotations).toEqual([
      "error: fail-on: write one of insufficient_data, non_compliant, never",
      'error: alert: write "true" or "false"',
      "error: role-arn and oidc-provider-arn: give both, or neither to use other credentials",
    ]);
    expect(run.outputs).toMatchObject({ "exit-code": "3", status: "failed", report: "" });
    expect(emulator.requests).toHaveLength(asked);
  });

  test.each([
    `'; touch owned; '`,
    `"; touch owned; "`,
    "$(touch owned)",
    "`touch owned`",
    "cn-a\n\ntouch owned\n::add-mask::cn-b\n::set-output name=status::compliant",
    "--exit-zero",
    "-h",
    "${{ github.token }}",
    "\\\"$IFS'&|;<>*?[]{}~#!",
  ])("takes %j for a value, in every input", async (hostile) => {
    const names = ["regions", "accounts", "rules", "config", "only", "output"];
    const ofProgram = Object.fromEntries(names.map((name) => [name, hostile]));
    const run = await act(emulatorEnv(emulator), ofProgram);
    expect(run).toMatchObject({ exitCode: 3, annotations: [], outputs: { status: "failed" } });
    expect(run.log).not.toContain("***");
    const others = ["summary", "alert", "fail-on", "oidc-provider-arn", "oidc-audience"];
    const ofStep = Object.fromEntries(others.map((name) => [name, hostile]));
    const { exitCode, annotations } = await act(emulatorEnv(emulator), ofStep);
    expect(exitCode).toBe(3);
    expect(annotations).toHaveLength(4);
    expect(filesIn(folder).filter((path) => !path.startsWith(temp))).toEqual([]);
  });
});

describe("an audit that is not complete", () => {
  const WARNING =
    "warning: The audit is incomplete: 1 of 2 could not be read. Whether they are compliant is not known.";

  test.each([
    ["insufficient_data", 2, 2, []],
    ["non_compliant", 0, 2, [WARNING]],
    ["never", 0, 0, []],
  ])("ends with fail-on: %s in %d", async (failOn, exitCode, ofAudit, annotations) => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: true },
        "cn-b": { activated: true, fault: { kind: "denied" } },
      },
    });
    const run = await act(emulatorEnv(emulator), { "fail-on": failOn });
    expect(run).toMatchObject({ exitCode, annotations });
    expect(run.outputs).toMatchObject({
      "exit-code": String(ofAudit),
      status: "insufficient_data",
      "insufficient-data": "1",
    });
  });

  test.each(["insufficient_data", "non_compliant", "never"])(
    "fails with fail-on: %s where nothing could be read",
    async (failOn) => {
      await using emulator = await startEmulator({
        regions: { "cn-b": { activated: true, fault: { kind: "denied" } } },
      });
      const run = await act(emulatorEnv(emulator), { regions: "cn-b", "fail-on": failOn });
      expect(run.exitCode).not.toBe(0);
      expect(run.outputs["status"]).not.toBe("compliant");
    },
  );
});

describe("the ID token of the job", () => {
  const roles = { [ROLE_ARN]: { oidcToken: ID_TOKEN } };
  const inputs = {
    "role-arn": ROLE_ARN,
    "oidc-provider-arn": PROVIDER_ARN,
    "oidc-audience": "sts.aliyuncs.com & more",
  };
  /** What the runner's service answers, and what it was asked. */
  let answer: { readonly status: number; readonly body: string };
  let asked: { readonly url: string | undefined; readonly authorization: string | undefined }[];
  let service: LoopbackServer;
  /** What the folders of the job had while STS was asked: path, mode and content. */
  let seen: { readonly mode: number; readonly text: string }[];
  let emulator: Emulator;

  beforeAll(async () => {
    service = await startLoopbackServer(async ({ url, headers }, response) => {
      asked.push({ url, authorization: headers.authorization });
      response.writeHead(answer.status).end(answer.body);
    });
    emulator = await startEmulator({
      regions: MIXED,
      roles,
      onRequest: ({ action }) => {
        if (action !== "AssumeRoleWithOIDC") return;
        seen = filesIn(temp).map((path) => ({
          mode: statSync(path).mode & 0o777,
          text: readFileSync(path, "utf8"),
        }));
      },
    });
  });
  afterAll(async () => {
    await emulator.stop();
    await service.stop();
  });
  beforeEach(() => {
    [asked, seen] = [[], []];
    answer = { status: 200, body: JSON.stringify({ value: ID_TOKEN }) };
  });

  /** The environment of a job that may ask for ID tokens. */
  function jobEnv(): Record<string, string> {
    const {
      ALIBABA_CLOUD_ACCESS_KEY_ID: _id,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: _secret,
      ...env
    } = emulatorEnv(emulator);
    return {
      ...env,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${service.origin}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    };
  }

  test("assumes the role, is in no log, and is removed", async () => {
    const run = await act(jobEnv(), inputs);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ status: "non_compliant", compliant: "1" });
    const report = JSON.parse(readFileSync(String(run.outputs["report"]), "utf8")) as Report;
    expect(report.caller?.arn).toMatch(/^acs:ram::1000000000000001:assumed-role\/auditor\//);
    expect(asked).toEqual([
      {
        url: "/token?api-version=2.0&audience=sts.aliyuncs.com+%26+more",
        authorization: `Bearer ${REQUEST_TOKEN}`,
      },
    ]);
    expect(seen).toEqual([{ mode: 0o600, text: ID_TOKEN }]);
    expect(run.masks).toEqual([ID_TOKEN]);
    expect(filesIn(temp)).toEqual([run.outputs["report"]]);
  });

  test("is removed also where it is refused", async () => {
    const other = ID_TOKEN.replace("7f", "8f");
    answer = { status: 200, body: JSON.stringify({ value: other }) };
    const run = await act(jobEnv(), inputs);
    expect(run.exitCode).toBe(3);
    expect(run.log).toContain("AuthenticationFail.OIDCToken.Invalid");
    expect(run.rawLog).not.toContain(other);
    expect(seen).toHaveLength(1);
    expect(filesIn(temp)).toEqual([]);
  });

  test("goes before no keys: with both, nothing is asked", async () => {
    const calls = emulator.requests.length;
    const run = await act({ ...emulatorEnv(emulator), ...jobEnv(), ...keysOf(emulator) }, inputs);
    expect(run.exitCode).toBe(3);
    expect(emulator.requests).toHaveLength(calls);
  });

  test("needs the permission", async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _url, ...env } = jobEnv();
    const run = await act(env, inputs);
    expect(run.exitCode).toBe(3);
    expect(run.annotations.join()).toContain('add "permissions: id-token: write" to the job');
  });

  test.each([
    [403, `{"message":"${ID_TOKEN}"}`, "GitHub gave no ID token (curl ended with exit code 22)"],
    [200, "<!doctype html>", "127.0.0.1 answered without an ID token"],
    [200, `{"value":"one line\\nanother"}`, "127.0.0.1 answered without an ID token"],
    [200, "null", "127.0.0.1 answered without an ID token"],
    [302, "", "127.0.0.1 answered without an ID token"],
  ])("is not taken from the answer %d %s", async (status, body, says) => {
    answer = { status, body };
    const calls = emulator.requests.length;
    const run = await act(jobEnv(), inputs);
    expect(run.exitCode).toBe(3);
    expect(run.annotations.join()).toContain(says);
    expect(emulator.requests).toHaveLength(calls);
    expect(filesIn(temp)).toEqual([]);
  });
});

function keysOf(emulator: Emulator): Record<string, string> {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID = "", ALIBABA_CLOUD_ACCESS_KEY_SECRET = "" } =
    emulatorEnv(emulator);
  return { ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET };
}

test("the action builds its own checkout, and then audits", { timeout: 300_000 }, async () => {
  const checkout = join(folder, "checkout");
  const left = new Set(["node_modules", "dist", ".git", ".ci", "coverage", "test"]);
  mkdirSync(checkout);
  for (const name of readdirSync(ROOT)) {
    if (!left.has(name)) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  }
  await using emulator = await startEmulator({ regions: MIXED });
  const { HOME = "" } = process.env;
  const run = await runCompositeAction({
    actionPath: checkout,
    workspace,
    temp,
    // The packages are those that `npm ci` left in npm's cache: nothing is downloaded here.
    env: { ...cliEnv(emulatorEnv(emulator)), PATH, HOME, npm_config_offline: "true" },
    inputs: { regions: "cn-a,cn-b" },
  });
  expect(run.log).toMatch(/^✖ NON_COMPLIANT +cn-b/m);
  expect(run).toMatchObject({ exitCode: 1, outputs: { status: "non_compliant" } });
});
