import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { healthProblemOf, WatchHealth } from "../../functions/cli/health/watch-health.ts";
import { imageEnv } from "../harness/dockerfile.ts";
import { blocksIn } from "../harness/markdown.ts";

const GUIDE = readFileSync(new URL("../../docs/container.md", import.meta.url), "utf8");
const DEADLINE_MS = 300_000;

test("the guide to containers shows the answer to a health check", () => {
  const [shown = ""] = blocksIn("json", GUIDE);
  const report = new WatchHealth(() => new Date(), DEADLINE_MS).report(1_000);
  expect(Object.keys(JSON.parse(shown))).toEqual(Object.keys(report));
});

test("the guide to containers has the limits that the code has, and every problem", () => {
  const afterAuditMs = Number(/and (\d+) seconds for what may follow/.exec(GUIDE)?.[1]) * 1_000;
  const runningForMs = DEADLINE_MS + afterAuditMs + 120_000;
  const overrun = (ms: number) => healthProblemOf({ runningForMs: ms, dueInMs: null }, DEADLINE_MS);
  const late = healthProblemOf({ runningForMs: null, dueInMs: -150_001 }, DEADLINE_MS);
  expect(overrun(runningForMs)).toBeNull();
  for (const problem of [overrun(runningForMs + 1), late]) {
    expect(GUIDE).toContain(`| \`${problem}\` |`);
  }
  const [, longest] = /433 seconds, and (\d+) if it keeps evidence/.exec(GUIDE) ?? [];
  expect(Number(longest) * 1_000).toBe(DEADLINE_MS + afterAuditMs);
  const [, seconds] = /--stop-timeout (\d+)/.exec(GUIDE) ?? [];
  expect(Number(seconds)).toBeGreaterThanOrEqual(Number(longest));
});

test("the guide to containers names the address that the image has", () => {
  expect(GUIDE).toContain(`\`${imageEnv()["FLOWLOG_GUARD_HEALTH"]}\` and has a \`HEALTHCHECK\``);
});
