import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { describe, expect, inject, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const UNREADABLE: RegionSeed = { activated: false, fault: { kind: "denied" } };
const DENIED: RegionSeed = {
  activated: false,
  faults: { OpenFlowLogService: { kind: "denied" } },
};
const ACCOUNT = "1234567890123456";

function openingsOf({ requests }: Emulator) {
  return requests.filter(({ action }) => action === "OpenFlowLogService");
}

function regionsOpened(emulator: Emulator) {
  return openingsOf(emulator).map(({ regionId }) => regionId);
}

describe("without --yes", () => {
  test("prints the plan on stderr, changes nothing and exits 0", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": WELL } });
    const { exitCode, stdout, stderr } = await runCli(["enable"], emulatorEnv(emulator));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toBe(
      [
        `flowlog-guard: account ${ACCOUNT}: 1 change planned`,
        "flowlog-guard:   cn-a: activate the flow log service",
        "flowlog-guard: Activation is free of charge, cannot be undone, and accepts the terms of the service, which the console shows: https://vpc.console.aliyun.com/flowlog/cn-a/flowlogs",
        "flowlog-guard: nothing was changed. With --yes the plan is carried out",
        "",
      ].join("\n"),
    );
    expect(openingsOf(emulator)).toEqual([]);
  });

  test("lists a region that could not be read, and exits 2", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": UNREADABLE } });
    const { exitCode, stdout, stderr } = await runMain(
      ["enable", "--format", "json"],
      emulatorEnv(emulator),
    );
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      plan: [
        {
          accountId: ACCOUNT,
          regionId: "cn-a",
          action: "activate-flow-log-service",
          cost: "free",
          reversible: false,
          termsUrl: "https://vpc.console.aliyun.com/flowlog/cn-a/flowlogs",
        },
      ],
      notChanged: [
        {
          accountId: ACCOUNT,
          regionId: "cn-b",
          reason: {
            code: "ACCESS_DENIED",
            message: expect.stringContaining("vpc:GetFlowLogServiceStatus"),
          },
          unreadable: true,
          commands: [],
        },
      ],
    });
    expect(stderr).toContain("flowlog-guard: cn-b: not changed: ACCESS_DENIED: Access denied");
  });

  test("-q prints only what could not be read", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": UNREADABLE } });
    const { stdout, stderr } = await runMain(["enable", "-q"], emulatorEnv(emulator));
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^flowlog-guard: cn-b: not changed: ACCESS_DENIED/),
    ]);
  });

  test("leaves out a region that is exempt, and says so", async () => {
    await using home = await homeFolder();
    const file = join(home.path, "config.yaml");
    await writeFile(
      file,
      'exemptions:\n  - region: cn-a\n    owner: net\n    reason: none\n    expires: "2099-01-01"\n',
    );
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const args = ["enable", "--config", file];
    const quiet = await runMain([...args, "-q"], emulatorEnv(emulator));
    expect(quiet).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const { exitCode, stdout, stderr } = await runMain(
      [...args, "--format", "json"],
      emulatorEnv(emulator),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain("cn-a: not changed: EXEMPT: Exempt until");
    expect(JSON.parse(stdout)).toMatchObject({
      plan: [],
      notChanged: [{ regionId: "cn-a", reason: { code: "EXEMPT" }, unreadable: false }],
    });
  });

  test("covers the regions of --regions alone", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": OPEN } });
    const { stdout } = await runMain(
      ["enable", "--regions", "cn-b", "--format", "json"],
      emulatorEnv(emulator),
    );
    expect(JSON.parse(stdout).plan).toMatchObject([{ regionId: "cn-b" }]);
  });
});

describe("with --yes", () => {
  test("activates region by region, and prints the table of an audit afterwards", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: false, openedMeanwhile: "purchase-limit" },
        "cn-b": DENIED,
        "cn-c": { activated: false, readsUntilActivated: 3 },
        "cn-d": OPEN,
        "cn-e": WELL,
      },
    });
    const { exitCode, stdout, stderr } = await runCli(["enable", "--yes"], emulatorEnv(emulator));
    expect(exitCode).toBe(1);
    expect(stdout).toContain("cn-b");
    expect(stdout).toContain("5 regions of account 1234567890123456: 4 compliant, 1 not compliant");
    const lines = stderr.split("\n").map((line) => line.replace("flowlog-guard: ", ""));
    expect(lines).toContain("cn-a: flow log service was activated already");
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^cn-b: flow log service not activated: ACCESS_DENIED: .*vpc:OpenFlowLogService/,
      ),
    );
    expect(lines).toContain("cn-c: flow log service activated");
    expect(lines).toContain("cn-d: flow log service activated");
    expect(lines).toContain("2 done, 1 already, 1 failed");
    expect(regionsOpened(emulator)).toEqual(["cn-a", "cn-b", "cn-c", "cn-d"]);
    expect(emulator.mostUnderWay.get("OpenFlowLogService")).toBe(1);
    const reads = emulator.requests.filter(
      ({ action, regionId }) => action === "GetFlowLogServiceStatus" && regionId === "cn-c",
    );
    // For the plan, three until it says activated, and for the audit afterwards.
    expect(reads).toHaveLength(5);
  });

  test("with json prints one document: the plan with outcomes, and the report", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": DENIED } });
    const { exitCode, stdout } = await runCli(
      ["enable", "--yes", "--format", "json"],
      emulatorEnv(emulator),
    );
    expect(exitCode).toBe(1);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(["plan", "notChanged", "report"]);
    expect(document).toMatchObject({
      plan: [
        { regionId: "cn-a", outcome: "done", reason: null },
        { regionId: "cn-b", outcome: "failed", reason: { code: "ACCESS_DENIED" } },
      ],
      notChanged: [],
      report: { schemaVersion: 1, summary: { compliant: 1, nonCompliant: 1 } },
    });
  });

  test("audits also where there is nothing to change, and exits as the audit", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": UNREADABLE } });
    const { exitCode, stdout } = await runMain(["enable", "--yes"], emulatorEnv(emulator));
    expect(exitCode).toBe(2);
    expect(stdout).toContain("cn-b");
  });

  test("audits by the rule about the service, whichever rules are chosen", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": DENIED } });
    const { exitCode, stdout } = await runMain(["enable", "--yes", "--format", "json"], {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_RULES: "flow-log-retention",
    });
    expect(JSON.parse(stdout)).toMatchObject({
      plan: [{ outcome: "failed" }],
      report: { rules: [{ id: "flow-log-service-activated" }, { id: "flow-log-retention" }] },
    });
    expect(exitCode).toBe(1);
  });

  test("changes nothing where the account is not known", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": OPEN },
      faults: { GetCallerIdentity: { kind: "denied" } },
    });
    const { exitCode, stderr } = await runMain(["enable", "--yes"], emulatorEnv(emulator));
    expect(exitCode).toBe(3);
    expect(stderr).toContain("The account could not be identified, so nothing was changed.");
    expect(openingsOf(emulator)).toEqual([]);
  });

  test("-q prints failures and the report", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": DENIED } });
    const { stdout, stderr } = await runMain(["enable", "--yes", "-q"], emulatorEnv(emulator));
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^flowlog-guard: cn-b: flow log service not activated: ACCESS_DENIED/),
    ]);
    expect(stdout).toContain("cn-a");
  });

  test("uses one client token for the attempts at a region, and another for each region", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": {
          activated: false,
          faults: { OpenFlowLogService: { kind: "json-500", times: 2 } },
        },
        "cn-b": OPEN,
      },
    });
    const { exitCode } = await runMain(["enable", "--yes"], emulatorEnv(emulator));
    expect(exitCode).toBe(0);
    const openings = openingsOf(emulator);
    expect(openings.map(({ regionId }) => regionId)).toEqual(["cn-a", "cn-a", "cn-a", "cn-b"]);
    const tokens = openings.map(({ clientToken }) => clientToken);
    expect(new Set(tokens.slice(0, 3)).size).toBe(1);
    expect(new Set(tokens).size).toBe(2);
    expect(tokens[0]).toMatch(/^[\x21-\x7e]{1,64}$/);
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s lets the call under way end and begins no other; another run does the rest",
  async (signal) => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": OPEN,
        "cn-b": { activated: false, faults: { OpenFlowLogService: { kind: "slow", ms: 300 } } },
        "cn-c": OPEN,
      },
    });
    const child = spawn(
      process.execPath,
      [join(inject("dist"), "cli/index.js"), "enable", "--yes", "--format", "json"],
      {
        env: cliEnv(emulatorEnv(emulator)),
        cwd: inject("dist"),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    while (openingsOf(emulator).length < 2) await new Promise(setImmediate);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([3, null]);
    expect(regionsOpened(emulator)).toEqual(["cn-a", "cn-b"]);
    const document = JSON.parse(await stdout);
    expect(document).toMatchObject({
      plan: [
        { regionId: "cn-a", outcome: "done" },
        { regionId: "cn-b", outcome: "pending", reason: { code: "INTERRUPTED" } },
        { regionId: "cn-c", outcome: "skipped", reason: { code: "INTERRUPTED" } },
      ],
    });
    expect(document).not.toHaveProperty("report");
    expect(await stderr).toContain("cn-a: flow log service activated\n");
    expect(await stderr).toContain("Run the same command again to continue\n");

    const second = await runCli(["enable", "--yes", "--format", "json"], emulatorEnv(emulator));
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout).plan).toMatchObject([{ regionId: "cn-c", outcome: "done" }]);
    expect(regionsOpened(emulator)).toEqual(["cn-a", "cn-b", "cn-c"]);
  },
);

describe("wrong usage exits 3 before anything is asked", () => {
  test.each([
    ["--project p --logstore l", "--project: is for --flow-logs only"],
    ["--flow-logs", "--project: is missing"],
    ["--flow-logs --project flow-logs", "--logstore: is missing"],
    ["--flow-logs --project Flow --logstore vpc", "--project: is not a valid name"],
    ["--flow-logs --project a_b --logstore vpc", "--project: is not a valid name"],
    ["--flow-logs --project flow-logs --logstore {zone}", "--logstore: is not a valid name"],
    ["--format yaml", "--format"],
  ])("%s", async (line, message) => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const { exitCode, stdout, stderr } = await runMain(
      ["enable", "--yes", ...line.split(" ")],
      emulatorEnv(emulator),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
    expect(emulator.requests).toEqual([]);
  });
});
