import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
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
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";

import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { runMain } from "../harness/run-main.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SECURITY = "1234567890123456";
const EXTERNAL_ID = "external-id-7f3a";
const ORGANIZATION = {
  FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
  FLOWLOG_GUARD_EXTERNAL_ID: EXTERNAL_ID,
};

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The commands of the guide, block by block. */
const [
  choose = "",
  role = "",
  member = "",
  group = "",
  manager = "",
  terraform = "",
  audit = "",
  deploy = "",
  select = "",
] = [...read("docs/organization.md").matchAll(/^```sh\n(.*?)^```/gms)].map(([, script]) => script);

describe("the guide to organizations, followed line by line", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "organization-guide-"));
    mkdirSync(join(folder, "bin"));
    for (const path of [
      "deploy/member-role.tf",
      "deploy/member-role.ros.yaml",
      "docs/ram/trust-policy-organization.json",
    ]) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      copyFileSync(join(ROOT, path), join(folder, path));
    }
    // Each writes its arguments down, one call a line.
    const record = `exec node -e 'require("fs").appendFileSync("calls", JSON.stringify(process.argv.slice(1)) + "\\n")'`;
    for (const name of ["aliyun", "terraform", "npm"]) {
      stub(name, `${record} -- ${name} "$@"`);
    }
    stub("flowlog-guard", `exec node ${join(inject("dist"), "cli/index.js")} "$@"`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function stub(name: string, script: string): void {
    const path = join(folder, "bin", name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** Runs lines of the guide; a line that fails ends them. */
  async function follow(script: string, env: Readonly<Record<string, string>>): Promise<string> {
    const run = promisify(execFile);
    const { stdout } = await run("/bin/sh", ["-eu", "-c", script], {
      cwd: folder,
      env: {
        ...cliEnv({ ...ORGANIZATION, ACCOUNT_ID: SECURITY, ...env }),
        PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      },
    });
    return stdout;
  }

  /** The calls of a program, without its name. */
  function callsOf(program: string): string[][] {
    if (!existsSync(join(folder, "calls"))) return [];
    const lines = readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
    const calls = lines.map((line): string[] => JSON.parse(line));
    return calls.filter(([name]) => name === program).map(([, ...args]) => args);
  }

  function valueOf(args: readonly string[] | undefined, flag: string): string {
    return String(args?.[args.indexOf(flag) + 1]);
  }

  test("chooses a role and an external id that the program takes", async () => {
    const script = `${choose}\nflowlog-guard config`;
    const config = parse(await follow(script, { FLOWLOG_GUARD_EXTERNAL_ID: "unset" }));
    expect(config.organization).toMatchObject({ roleName: "flowlog-guard-audit" });
    expect(config.organization.externalId).not.toMatch(/\w/);
  });

  test("makes the role in the security account", async () => {
    await follow(role, { ACCOUNT_ID: "42" });
    const [create, policy, attach] = callsOf("aliyun");
    const trust = JSON.parse(valueOf(create, "--AssumeRolePolicyDocument"));
    expect(trust.Statement[1].Principal.RAM).toEqual(["acs:ram::42:root"]);
    const { stdout } = await runMain(["policy", "--account", "42"], ORGANIZATION);
    expect(JSON.parse(valueOf(policy, "--PolicyDocument"))).toEqual(JSON.parse(stdout));
    expect(attach).toContain("AttachPolicyToRole");
  });

  test("prints the policies of the role in every account", async () => {
    await follow(member, {});
    const printed = JSON.parse(readFileSync(join(folder, "member-role.json"), "utf8"));
    expect(printed.policy).toEqual(JSON.parse(read("docs/ram/policy-member.json")));
    expect(JSON.stringify(printed.trust)).toContain(EXTERNAL_ID);
  });

  test.each([
    ["a stack group", group, "CreateStackGroup"],
    ["a plain stack", manager, "CreateStack"],
  ])(
    "rolls the role out with %s that has the template's parameters",
    async (_name, script, action) => {
      await follow(script, {});
      const [create] = callsOf("aliyun");
      expect(create?.slice(0, 2)).toEqual(["ros", action]);
      expect(valueOf(create, "--TemplateBody")).toBe(read("deploy/member-role.ros.yaml").trimEnd());
      const { Parameters } = parse(valueOf(create, "--TemplateBody"));
      const given = ["1", "2"].map((index) => [
        valueOf(create, `--Parameters.${index}.ParameterKey`),
        valueOf(create, `--Parameters.${index}.ParameterValue`),
      ]);
      expect(Object.fromEntries(given)).toEqual({
        TrustedRoleArn: `acs:ram::${SECURITY}:role/flowlog-guard`,
        ExternalId: EXTERNAL_ID,
      });
      const required = Object.keys(Parameters).filter(
        (key) => Parameters[key].Default === undefined,
      );
      expect(given.map(([key]) => key)).toEqual(required);
    },
  );

  test("deploys the stack group to all members at once, whatever fails", async () => {
    await follow(group, {});
    const [create, instances] = callsOf("aliyun");
    expect(JSON.parse(valueOf(create, "--AutoDeployment"))).toEqual({
      Enabled: true,
      RetainStacksOnAccountRemoval: false,
    });
    expect(JSON.parse(valueOf(instances, "--RegionIds"))).toEqual(["cn-hangzhou"]);
    expect(JSON.parse(valueOf(instances, "--DeploymentTargets"))).toEqual({
      RdFolderIds: ["r-abc123"],
    });
    expect(JSON.parse(valueOf(instances, "--OperationPreferences"))).toEqual({
      FailureTolerancePercentage: 100,
      MaxConcurrentCount: 20,
    });
  });

  test("applies the Terraform configuration by itself, with its variables", async () => {
    await follow(`${terraform}\nenv | grep TF_VAR_ > variables`, {});
    expect(callsOf("terraform").map((args) => args.join(" "))).toEqual([
      "-chdir=member-role init",
      "-chdir=member-role apply",
    ]);
    expect(existsSync(join(folder, "member-role/member-role.tf"))).toBe(true);
    const variables = readFileSync(join(folder, "variables"), "utf8").trimEnd().split("\n");
    expect(variables.toSorted()).toEqual([
      `TF_VAR_external_id=${EXTERNAL_ID}`,
      `TF_VAR_trusted_role_arn=acs:ram::${SECURITY}:role/flowlog-guard`,
    ]);
  });

  test("deploys a template that exists", () => {
    const names = deploy.matchAll(/npm run deploy -- -t (\S+)/g);
    expect([...names].map(([, name]) => existsSync(join(ROOT, String(name))))).toEqual([
      true,
      true,
    ]);
  });

  test.each([
    [
      "all accounts",
      audit,
      ["1234567890123457", "1234567890123458", "1234567890123459", "1900000000000001"],
    ],
    ["accounts that are selected", select, ["1234567890123457", "1234567890123458"]],
  ])("audits %s, with the role of the security account", async (_name, text, accountIds) => {
    await using emulator = await startOrganization();
    // The keys are for the reader to fill in.
    const script = text.replaceAll(/ ALIBABA_CLOUD_ACCESS_KEY_(ID|SECRET)=\.\.\./g, "");
    await follow(script, {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_ROLE_ARN: `acs:ram::${SECURITY}:role/flowlog-guard`,
      FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT: emulator.endpoint,
    });
    const roles = emulator.requests.flatMap(({ action, form }) =>
      action === "AssumeRole" ? [form["RoleArn"]] : [],
    );
    expect(new Set(roles)).toEqual(
      new Set([
        `acs:ram::${SECURITY}:role/flowlog-guard`,
        ...accountIds.map((id) => `acs:ram::${id}:role/flowlog-guard-audit`),
      ]),
    );
  });
});

/** The organization of the guide. */
async function startOrganization(): Promise<Emulator> {
  const names = ["security", "prod-a", "legacy", "prod-lab"];
  return startEmulator({
    accountId: SECURITY,
    regions: { "cn-a": { activated: true } },
    roles: { [`acs:ram::${SECURITY}:role/flowlog-guard`]: {} },
    directory: {
      managementAccountId: "1900000000000001",
      members: names.map((displayName, index) => ({
        accountId: String(Number(SECURITY) + index),
        displayName,
      })),
    },
    memberRoles: { roleName: "flowlog-guard-audit", externalId: EXTERNAL_ID },
  });
}
