import { createColors } from "picocolors";
import { describe, expect, test } from "vitest";

import { describeReport } from "../../../functions/cli/commands/doctor/describe-report.ts";
import { doctorReport } from "../../../functions/cli/commands/doctor/doctor-report.ts";
import {
  type CheckResult,
  ok,
  problem,
  skipped,
  warning,
} from "../../../functions/cli/commands/doctor/outcome.ts";
import { marksFor } from "../../../shared/text/marks.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMainOnTerminal } from "../../harness/run-main.ts";

const EXCHANGE = { endpoint: "sts.cn-hangzhou.aliyuncs.com", httpStatus: 200, requestId: "R-1" };
const RESULTS: readonly CheckResult[] = [
  { id: "program", title: "Program", durationMs: 1, ...ok("Is there.") },
  { id: "identity", title: "Identity", durationMs: 20, ...ok("Is known.", { exchange: EXCHANGE }) },
  {
    id: "configuration",
    title: "Configuration",
    durationMs: 2,
    ...warning("CONFIG_WARNING", "guard.yaml.", { lines: ["settings.x: has no effect."] }),
  },
  {
    id: "state",
    title: "State",
    durationMs: 3,
    ...problem("STATE_DAMAGED", "file:s.json cannot be read\u001b[31m as a state.", {
      fix: "Put a copy in its place.",
    }),
  },
  { id: "clock", title: "Clock", durationMs: 0, ...skipped("NOT_TRIED", "Not tried.") },
];
const REPORT = doctorReport(RESULTS, new Date("2026-11-28T17:00:00Z"));
const PLAIN = {
  colors: createColors(false),
  marks: marksFor(true),
  width: null,
  quiet: false,
  verbose: false,
};

describe("the text", () => {
  test("has a line for each check, and below it what to do", () => {
    expect(describeReport(REPORT, PLAIN)).toBe(
      `✔ Program        Is there.
✔ Identity       Is known.
! Configuration  guard.yaml.
                 - settings.x: has no effect.
✖ State          file:s.json cannot be read[31m as a state.
                 -> Put a copy in its place.
- Clock          Not tried.

Something is wrong: 1 problem, 1 warning, 1 not tried, 2 fine.
`,
    );
  });

  test("has only problems with --quiet, and nothing where there are none", () => {
    expect(describeReport(REPORT, { ...PLAIN, quiet: true })).toBe(
      `✖ State  file:s.json cannot be read[31m as a state.
         -> Put a copy in its place.
`,
    );
    const fine = doctorReport(RESULTS.slice(0, 2), new Date());
    expect(describeReport(fine, { ...PLAIN, quiet: true })).toBe("");
  });

  test("has the exchange with --verbose", () => {
    expect(describeReport(REPORT, { ...PLAIN, verbose: true })).toContain(
      `✔ Identity       Is known.
                 sts.cn-hangzhou.aliyuncs.com, HTTP 200, request R-1, 20 ms
`,
    );
  });

  test("has ASCII marks of one width where the terminal has no others", () => {
    const text = describeReport(REPORT, { ...PLAIN, marks: marksFor(false) });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text).toContain("x  State          file");
    expect(text).toContain("ok Program        Is there.");
  });

  test("is wrapped to a terminal, and in a pipe it is not", async () => {
    await using emulator = await startEmulator({ regions: { "cn-hangzhou": { activated: true } } });
    const env = emulatorEnv(emulator);
    const wide = await runCli(["doctor"], env);
    const narrow = await runMainOnTerminal(80, ["doctor"], { ...env, LANG: "C.UTF-8" });
    const longest = (text: string): number =>
      Math.max(...text.split("\n").map(({ length }) => length));
    expect(longest(wide.stdout)).toBeGreaterThan(200);
    expect(longest(narrow.stdout)).toBeLessThanOrEqual(80);
    expect(wide.stdout.endsWith("fine.\n")).toBe(true);
    expect(wide.stdout).toContain("Nothing is wrong: 1 warning,");
    expect(wide.exitCode).toBe(0);
  });
});

test("the JSON has every key, always", () => {
  expect(REPORT).toMatchObject({
    schemaVersion: 1,
    tool: { name: "flowlog-guard" },
    checkedAt: "2026-11-28T17:00:00.000Z",
    status: "problem",
    summary: { ok: 2, warning: 1, problem: 1, skipped: 1 },
  });
  const keys = [
    "id",
    "title",
    "status",
    "code",
    "detail",
    "lines",
    "fix",
    "durationMs",
    "endpoint",
    "httpStatus",
    "requestId",
  ];
  for (const check of REPORT.checks) expect(Object.keys(check)).toEqual(keys);
  expect(REPORT.checks[1]).toMatchObject(EXCHANGE);
});

test.each([
  [["--format", "xml"], "argument 'xml' is invalid. Allowed choices are text, json."],
  [["now"], "too many arguments for 'doctor'"],
  [["--remote"], "unknown option"],
])("%j is wrong usage", async (args, says) => {
  const { exitCode, stdout, stderr } = await runCli(["doctor", ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toContain(says);
});

test("the help has no line of more than 80 columns", async () => {
  const { exitCode, stdout } = await runCli(["help", "doctor"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Usage: flowlog-guard doctor");
  expect(stdout.split("\n").filter(({ length }) => length > 80)).toEqual([]);
});
