import { Agent } from "node:http";
import { Duplex } from "node:stream";

import { describe, expect, test } from "vitest";

import type { Check, SetUp } from "../../../functions/cli/commands/doctor/check.ts";
import { ok, problem, skipped, warning } from "../../../functions/cli/commands/doctor/outcome.ts";
import { reachHost } from "../../../functions/cli/commands/doctor/reach-host.ts";
import { runChecks } from "../../../functions/cli/commands/doctor/run-checks.ts";
import { CredentialsError } from "../../../shared/audit/run-error.ts";
import { DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { DIRECT } from "../../harness/direct.ts";
import { startMuteServer } from "../../harness/mute-server.ts";

const SET_UP: SetUp = {
  flags: {},
  runtime: {
    argv: [],
    env: {},
    stdout: process.stdout,
    stderr: process.stderr,
    clock: () => new Date(),
    stopRequested: () => new Promise(() => {}),
  },
  config: DEFAULT_CONFIG,
  configProblems: [],
  transport: DIRECT,
  learnt: {},
};

function check(id: string, run: Check["run"], more: Partial<Check> = {}): Check {
  return { id, title: `Title of ${id}`, run, ...more };
}

describe("a check that needs another one", () => {
  test.each([
    ["is fine", ok("yes"), "ok"],
    ["is a warning", warning("W", "hm"), "ok"],
    ["is a problem", problem("P", "no"), "skipped"],
    ["is a problem that stops nothing", problem("P", "no", { goesOn: true }), "ok"],
    ["was not tried", skipped("S", "?"), "skipped"],
    ["was not needed", skipped("S", "?", { goesOn: true }), "ok"],
  ])("that %s", async (_what, outcome, status) => {
    const results = await runChecks(
      [
        check("first", async () => outcome),
        check("second", async () => ok("yes"), { needs: ["first", "one that is not made"] }),
      ],
      SET_UP,
    );
    expect(results.map((result) => result.status)).toEqual([outcome.status, status]);
    expect(results[1]?.detail).toContain(status === "ok" ? "yes" : '"Title of first"');
  });
});

test("a check that only follows others waits for them, and is made whatever they are", async () => {
  const order: string[] = [];
  const [, last] = await runChecks(
    [
      check("slow", async () => {
        await new Promise(setImmediate);
        order.push("slow");
        throw new CredentialsError("No key. Set one.");
      }),
      check("last", async () => (order.push("last"), ok("yes")), { follows: ["slow"] }),
    ],
    SET_UP,
  );
  expect(order).toEqual(["slow", "last"]);
  expect(last?.status).toBe("ok");
});

test("a check that is not done in its time is a problem, and the others are made", async () => {
  const results = await runChecks(
    [
      check("hangs", () => new Promise(() => {}), { timeoutMs: 1 }),
      check("other", async () => ok("yes")),
    ],
    SET_UP,
  );
  expect(results.map(({ status, code }) => [status, code])).toEqual([
    ["problem", "TIMEOUT"],
    ["ok", null],
  ]);
});

test("after the time of all checks none is begun", async () => {
  const results = await runChecks(
    [
      check("hangs", () => new Promise(() => {})),
      check("later", async () => ok("yes"), { follows: ["hangs"] }),
    ],
    SET_UP,
    { totalMs: 1 },
  );
  expect(results.map(({ status, code }) => [status, code])).toEqual([
    ["problem", "TIMEOUT"],
    ["problem", "NOT_TRIED"],
  ]);
});

test("checks that are fine and slow are no reason to call the others fine", async () => {
  const slow = check("slow", async (_setUp, within) => {
    await new Promise<void>((resolve) => within.onEnd(() => resolve()));
    return ok("yes, at last");
  });
  const checks = [slow, check("later", async () => ok("yes"), { needs: ["slow"] })];
  const results = await runChecks(checks, SET_UP, { totalMs: 1 });
  expect(results.map(({ status }) => status)).toEqual(["ok", "problem"]);
});

test("an error that is a fault of the program is no result", async () => {
  const fault = new TypeError("x is not a function");
  const checks = [check("broken", () => Promise.reject(fault))];
  await expect(runChecks(checks, SET_UP)).rejects.toThrow(fault);
});

test("a host that takes connections and never answers costs no more than the time limit", async () => {
  const budget = startTimeBudget(60_000, "TIMEOUT");
  await using mute = await startMuteServer(() => budget.cancel());
  const target = new URL(mute.origin);
  await expect(reachHost(target, DIRECT, budget)).rejects.toMatchObject({
    code: "TIMEOUT",
    message: expect.stringContaining(`${target.host} took no connection in time`),
  });
  budget.release();
});

describe("why a host is not reached", () => {
  /** Fails as the system does. */
  class FailingAgent extends Agent {
    readonly #code: string;

    constructor(code: string) {
      super();
      this.#code = code;
    }

    override createConnection(
      _options: object,
      callback?: (error: Error | null, stream: Duplex) => void,
    ): undefined {
      const error = new Error("to https://hooks.example.com/hook-token-88fe");
      callback?.(Object.assign(error, { code: this.#code }), new Duplex());
    }
  }

  test.each([
    ["ENOTFOUND", "HOST_NOT_FOUND", "There is no host hooks.example.com, or no name server"],
    ["EAI_AGAIN", "UNREACHABLE", "hooks.example.com cannot be reached (EAI_AGAIN)."],
    ["CERT_HAS_EXPIRED", "TLS", "hooks.example.com has a certificate that has expired"],
    ["not a code", "UNREACHABLE", "hooks.example.com cannot be reached. Check"],
  ])("%s is %s", async (systemCode, code, says) => {
    const agent = new FailingAgent(systemCode);
    const transport = { ...DIRECT, agentFor: () => agent };
    const budget = startTimeBudget(60_000, "TIMEOUT");
    const target = new URL("https://hooks.example.com/hook-token-88fe");
    const error = await reachHost(target, transport, budget).catch((thrown: unknown) => thrown);
    budget.release();
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(String(error)).not.toContain("hook-token");
  });
});
