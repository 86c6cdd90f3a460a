import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";

import { afterEach, describe, expect, test, vi } from "vitest";

import { main } from "../../../functions/cli/main.ts";
import { startProgress } from "../../../functions/cli/terminal/progress.ts";
import type { ScopedAccount } from "../../../shared/audit/account-scope.ts";
import { NO_EVIDENCE } from "../../../shared/audit/finding.ts";
import type { Evaluation } from "../../../shared/run/evaluate-rule.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnv } from "../../harness/run-cli.ts";

function evaluationOf(
  regionId: string,
  status: Evaluation["status"],
  resourceId?: string,
): Evaluation {
  return {
    ruleId: "sample-rule",
    regionId,
    resource: resourceId === undefined ? undefined : { type: "ACME::Box", id: resourceId },
    status,
    reason: { code: "SAMPLE", message: "" },
    evidence: NO_EVIDENCE,
    hostResolved: true,
  };
}

/** A stderr that is recorded, by default a terminal. */
function startTerminal({ isTTY = true, columns = 80 } = {}) {
  return Object.assign(new PassThrough({ highWaterMark: 1_000_000 }), {
    isTTY,
    columns,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
}

/** The output of the progress of an audit of two regions. */
async function shownOn({
  wanted = true,
  ...where
}: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly wanted?: boolean;
}): Promise<string> {
  const stream = startTerminal(where);
  const progress = await startProgress({ stderr: stream, env: {} }, wanted);
  progress.onScope(["cn-a", "cn-b"], ["sample-rule"]);
  progress.onEvaluated([evaluationOf("cn-a", "NON_COMPLIANT")]);
  progress.onEvaluated([evaluationOf("cn-b", "NON_COMPLIANT")]);
  progress.stop();
  stream.end();
  return text(stream);
}

test("progress is shown on a terminal", async () => {
  const shown = await shownOn({});
  expect(shown).toContain("Looking for credentials");
  expect(shown).toContain("0 of 2 regions answered");
  expect(shown).toContain("2 of 2 regions answered, 2 not compliant");
});

test("progress counts regions, whatever the number of rules and resources", async () => {
  const stream = startTerminal();
  const progress = await startProgress({ stderr: stream, env: {} }, true);
  progress.onScope(["cn-a", "cn-b"], ["sample-rule", "other-rule"]);
  progress.onEvaluated([
    evaluationOf("cn-a", "NON_COMPLIANT", "box-1"),
    evaluationOf("cn-a", "NON_COMPLIANT", "box-2"),
  ]);
  progress.onEvaluated([evaluationOf("cn-b", "COMPLIANT")]);
  progress.onEvaluated([evaluationOf("cn-a", "NON_COMPLIANT")]);
  progress.stop();
  stream.end();
  const shown = stripVTControlCharacters(await text(stream));
  const counts = [...shown.matchAll(/\d+ of \d+ regions answered(?:, \d+ not compliant)?/g)];
  expect([...new Set(counts.map(String))]).toEqual([
    "0 of 2 regions answered",
    "0 of 2 regions answered, 1 not compliant",
    "1 of 2 regions answered, 1 not compliant",
  ]);
});

test("progress counts the regions of all accounts", async () => {
  const stream = startTerminal();
  const progress = await startProgress({ stderr: stream, env: {} }, true);
  const accountOf = (id: string, regionIds: readonly string[]): ScopedAccount => ({
    id,
    name: null,
    role: null,
    regionIds,
  });
  const [one, two] = [accountOf("1", ["cn-a", "cn-b"]), accountOf("2", ["cn-a"])] as const;
  progress.onScope(["cn-a", "cn-b"], ["sample-rule"], [one, two]);
  progress.onEvaluated([evaluationOf("cn-a", "NON_COMPLIANT")], one);
  progress.onEvaluated([evaluationOf("cn-a", "NON_COMPLIANT")], two);
  progress.onEvaluated([evaluationOf("cn-b", "COMPLIANT")], one);
  progress.onScope(["cn-a"], ["sample-rule"], [two]);
  progress.stop();
  stream.end();
  const shown = stripVTControlCharacters(await text(stream));
  const counts = [...shown.matchAll(/\d+ of .*? answered(?:, \d+ not compliant)?/g)];
  expect([...new Set(counts.map(String))]).toEqual([
    "0 of 3 regions in 2 accounts answered",
    "1 of 3 regions in 2 accounts answered, 1 not compliant",
    "2 of 3 regions in 2 accounts answered, 2 not compliant",
    "3 of 3 regions in 2 accounts answered, 2 not compliant",
    "0 of 1 regions answered",
  ]);
});

test("progress of many regions is not drawn for each, and the last is", async () => {
  const stream = startTerminal();
  const progress = await startProgress({ stderr: stream, env: {} }, true);
  const regionIds = Array.from({ length: 20_000 }, (_, index) => `cn-${index}`);
  progress.onScope(regionIds, ["sample-rule"]);
  for (const regionId of regionIds) progress.onEvaluated([evaluationOf(regionId, "COMPLIANT")]);
  progress.stop();
  stream.end();
  const shown = stripVTControlCharacters(await text(stream));
  const counts = shown.match(/\d+ of 20000 regions answered/g);
  expect(counts?.at(-1)).toBe("20000 of 20000 regions answered");
  expect(counts?.length).toBeLessThan(300);
});

test.each([{ isTTY: false }, { wanted: false }, { columns: 0 }])(
  "progress is not shown with %o",
  async (where) => {
    expect(await shownOn(where)).toBe("");
  },
);

describe("progress of an audit is shown on a terminal", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test.each<[string[], boolean]>([
    [[], true],
    [["--no-progress"], false],
    [["--quiet"], false],
  ])("progress is shown with %j: %s", async (flags, expected) => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    const env = emulatorEnv(emulator);
    // The credentials' chain reads the environment of the process.
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const stderr = startTerminal();
    const exitCode = await main({
      argv: ["audit", "--regions", "cn-a", ...flags],
      env,
      stdout: new PassThrough(),
      stderr,
      clock: () => new Date(),
      stopRequested: () => new Promise(() => {}),
    });
    stderr.end();
    expect(exitCode).toBe(0);
    expect((await text(stderr)).includes("1 of 1 regions answered")).toBe(expected);
  });
});
