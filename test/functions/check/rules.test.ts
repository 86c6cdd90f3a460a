import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { check } from "../../../functions/check/check.ts";
import type { LogEntry } from "../../../shared/conclude/run-log.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { functionContext, functionEnv } from "../../harness/invoke-function.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const ACTIVATION_ID = "flow-log-service-activated";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-check-rules-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** Runs the check with a packed file, in this process. */
async function run(
  emulator: Emulator,
  values: object,
  {
    event = "{}",
    env = {},
  }: { readonly event?: string; readonly env?: Record<string, string> } = {},
) {
  const log: LogEntry[] = [];
  const outcome = await check(Buffer.from(event), functionContext(emulator), {
    env: { ...functionEnv(emulator), ...env },
    file: { name: "flowlog-guard.yaml", values },
    clock: () => new Date(),
    log: (entry) => log.push(entry),
  }).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  return { ...outcome, log };
}

function startCloud() {
  return startEmulator({ regions: { "cn-a": { activated: false } } });
}

test("the rules of the packed file are evaluated; those of the environment or an event win", async () => {
  await using emulator = await startCloud();
  const asked = (): boolean =>
    emulator.requests.some(({ action }) => action === "GetFlowLogServiceStatus");
  const file = { rules: ["flow-log-retention"] };
  await run(emulator, file);
  expect(asked()).toBe(false);
  for (const options of [
    { env: { FLOWLOG_GUARD_RULES: ACTIVATION_ID } },
    { event: JSON.stringify({ rules: [ACTIVATION_ID] }) },
  ]) {
    const outcome = await run(emulator, file, options);
    expect(outcome).toMatchObject({ result: { findings: [{ ruleId: ACTIVATION_ID }] } });
  }
  expect(asked()).toBe(true);
});

test("settings of a rule that is not chosen are a warning in the log", async () => {
  await using emulator = await startCloud();
  const { log } = await run(emulator, { settings: { "flow-log-retention": { minDays: 30 } } });
  expect(log.filter(({ event }) => event === "warning")).toMatchObject([
    {
      level: "warn",
      message: expect.stringMatching(/^settings\.flow-log-retention: has no effect/),
    },
  ]);
});

test("an unknown rule fails the run", async () => {
  await using emulator = await startCloud();
  const { log } = await run(emulator, {}, { event: '{"rules":["all","flow-log-retentoin"]}' });
  expect(log).toMatchObject([
    {
      outcome: "failed",
      error: "ConfigError",
      message:
        'event.rules[1]: "flow-log-retentoin" is not a rule: did you mean flow-log-retention?',
    },
  ]);
  expect(emulator.requests).toEqual([]);
});

/** The changes of each message, as `event rule`. */
function changesIn({ messages }: WebhookCatcher): string[] {
  return messages.flatMap(({ body }) => {
    const { data } = JSON.parse(body) as {
      readonly data: { readonly changes: readonly Record<string, string>[] };
    };
    return data.changes.map((change) => `${change["event"]} ${change["ruleId"]}`);
  });
}

test("a rule that is taken out of the file is told to be unscoped; one that an event leaves out is not", async () => {
  await using emulator = await startCloud();
  await using catcher = await startWebhookCatcher();
  const env = {
    FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
    FLOWLOG_GUARD_STATE: `file:${join(dir, "state.json")}`,
  };
  await run(emulator, { rules: "all" }, { env });
  expect(changesIn(catcher)).toContain(`opened ${ACTIVATION_ID}`);
  await run(emulator, { rules: "all" }, { env, event: '{"rules":["flow-log-retention"]}' });
  expect(changesIn(catcher).join()).not.toContain("unscoped");
  await run(emulator, { rules: ["flow-log-retention"] }, { env });
  expect(changesIn(catcher)).toContain(`unscoped ${ACTIVATION_ID}`);
});
