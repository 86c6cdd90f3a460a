import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain, runMainOnTerminal } from "../../harness/run-main.ts";

const REGIONS = {
  "cn-a": { activated: true },
  "cn-b": { activated: false },
  "cn-c": { activated: true, fault: { kind: "denied" } },
} as const;

const NOT_ASKED = "Not asked: whether traffic is recorded, complete, delivered and kept.";

describe("audit --only", () => {
  test("shows the rows and the advice of chosen statuses, and counts all", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { exitCode, stdout, stderr } = await runCli(
      ["audit", "--only", "non_compliant"],
      emulatorEnv(emulator),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    const shown = stdout.replaceAll(/[0-9A-F-]{36}/g, "ID").replace(/\d\.\d s/, "0.0 s");
    expect(shown.split("\n").slice(0, -3)).toEqual([
      "STATUS            REGION   REASON          REQUEST ID",
      "✖ NON_COMPLIANT   cn-b     NOT_ACTIVATED   ID",
      "2 findings not shown (--only)",
      "",
      "✖ cn-b  The flow log service is not activated. Activate it: aliyun vpc OpenFlowLogService --region cn-b",
      expect.stringMatching(/^Before you activate/),
      "",
      "3 regions of account 1234567890123456: 1 compliant, 1 not compliant, 1 could not be read (0.0 s)",
    ]);
  });

  test("takes several statuses in either case, and does not change the exit code", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const only = ["--only", "Compliant, INSUFFICIENT_DATA", "--only", "ignored"];
    const { exitCode, stdout } = await runMain(["audit", ...only], emulatorEnv(emulator));
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✔ COMPLIANT           cn-a");
    expect(stdout).toContain("? INSUFFICIENT_DATA   cn-c");
    expect(stdout).toContain("\n1 finding not shown (--only)\n");
    expect(stdout).not.toContain("cn-b");
  });

  test("says so where nothing is shown, and nothing where all is", async () => {
    await using emulator = await startEmulator({ regions: { "cn-b": { activated: false } } });
    const env = emulatorEnv(emulator);
    const none = await runMain(["audit", "--only", "not_applicable"], env);
    expect(none.exitCode).toBe(1);
    expect(none.stdout).toMatch(/^1 finding not shown \(--only\)\n\n1 region of account /);
    const all = await runMain(["audit", "--only", "non_compliant,compliant"], env);
    expect(all.stdout).not.toContain("not shown");
  });

  const KNOWN =
    "the statuses are NON_COMPLIANT, INSUFFICIENT_DATA, IGNORED, COMPLIANT, NOT_APPLICABLE";

  test.each([
    [["--only", "non_complaint"], `--only: non_complaint is not a status: ${KNOWN}`],
    [["--only", "compliant,"], `--only: a status is empty: ${KNOWN}`],
    [["--only", ""], `--only: a status is empty: ${KNOWN}`],
    [
      ["--only", "LTAI5tSecretOfSomebody"],
      `--only: a value is not a status (value not shown): ${KNOWN}`,
    ],
    [
      ["--only", "compliant", "--format", "json"],
      "--only: is for tables; a report in another format is always whole",
    ],
    [["--only", "typo", "--remote"], `--only: a value is not a status (value not shown): ${KNOWN}`],
  ])("%j is refused before anything is asked", async (flags, problem) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { exitCode, stdout, stderr } = await runMain(["audit", ...flags], emulatorEnv(emulator));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(problem);
    expect(emulator.requests).toEqual([]);
  });
});

describe("what the default rule does not ask", () => {
  test("is the table's last line, also in a file, and not with -q", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const env = emulatorEnv(emulator);
    const { stdout, stderr } = await runCli(["audit"], env);
    expect(stdout.endsWith(`\n${NOT_ASKED} Ask with --rules all.\n`)).toBe(true);
    expect(stderr).toBe("");
    const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-only-"));
    const path = join(folder, "report.txt");
    await runMain(["audit", "--output", path], env);
    expect(await readFile(path, "utf8")).toContain(NOT_ASKED);
    await rm(folder, { recursive: true });
    const quiet = await runMain(["audit", "-q"], env);
    expect(quiet.stdout).not.toContain("Not asked");
  });

  test("is on stderr with JSON, and not with -q", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const env = emulatorEnv(emulator);
    const { stdout, stderr } = await runCli(["audit", "--format", "json"], env);
    expect(stdout).not.toContain("Not asked");
    expect(stderr.endsWith(`\nflowlog-guard: ${NOT_ASKED} Ask with --rules all.\n`)).toBe(true);
    const quiet = await runMain(["audit", "-q", "--format", "json"], env);
    expect(quiet.stderr).toBe("");
  });
});

test("request ids give way to the width of a terminal, and not in a file", async () => {
  await using emulator = await startEmulator({ regions: REGIONS });
  const env = emulatorEnv(emulator);
  const rowsIn = (text: string): string[] => text.split("\n\n")[0]?.split("\n") ?? [];
  const narrow = rowsIn((await runMainOnTerminal(80, ["audit"], env)).stdout);
  expect(narrow[0]).toBe("STATUS                REGION   REASON");
  for (const line of narrow) expect(line.length).toBeLessThanOrEqual(80);
  expect(rowsIn((await runMainOnTerminal(120, ["audit"], env)).stdout)[0]).toContain("REQUEST ID");
  // The width is not known.
  expect(rowsIn((await runMainOnTerminal(0, ["audit"], env)).stdout)[0]).toContain("REQUEST ID");
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-only-"));
  const path = join(folder, "report.txt");
  await runMainOnTerminal(80, ["audit", "--output", path], env);
  expect(rowsIn(await readFile(path, "utf8"))[0]).toContain("REQUEST ID");
  await rm(folder, { recursive: true });
});
