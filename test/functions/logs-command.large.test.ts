import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect, inject, test } from "vitest";

import { buildAll } from "../../scripts/build.ts";
import { startEmulator } from "../emulator/emulator.ts";
import {
  functionContext,
  functionEnv,
  type Invocation,
  invokeAudit,
  invokeCheck,
} from "../harness/invoke-function.ts";
import { printedByLogsCommand } from "../harness/logs-command.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";

/** Words of a service that the command would replace or drop elsewhere in a line. */
const NOTIFIED = "[silly] 2026-11-22T07:49:00Z [silly]";

/** The events of the lines, each of which must be JSON with a time and unchanged by the command. */
function kindsOf({ lines }: Invocation<unknown>): string[] {
  return lines.map((line) => {
    expect(printedByLogsCommand(line)).toBe(line);
    const { time, level, event, outcome, status } = JSON.parse(line);
    expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]{12}Z$/);
    return [level, event, outcome ?? status].filter((part) => part !== undefined).join(" ");
  });
}

test("every kind of line of the check function is as the command prints it", async () => {
  const bundle = await mkdtemp(join(inject("deployed"), "exempt-"));
  await buildAll(bundle, {
    name: "flowlog-guard.yaml",
    values: {
      exemptions: [
        { region: "cn-c", reason: NOTIFIED, owner: "net-team", expires: "2999-12-31" },
        { region: "cn-typo", reason: NOTIFIED, owner: "net-team", expires: "2999-12-31" },
      ],
    },
  });
  await using emulator = await startEmulator({
    regions: {
      "cn-a": { activated: false },
      "cn-b": {
        activated: true,
        fault: { kind: "error", status: 400, code: "Odd.Code", message: NOTIFIED },
      },
      "cn-c": { activated: false },
    },
  });
  await using watchdog = await startWebhookCatcher([{ status: 404 }]);
  const env = { ...functionEnv(emulator), FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url };
  const invoke = (event: string): Promise<Invocation<unknown>> =>
    invokeCheck(event, functionContext(emulator), env, join(bundle, "check/index.js"));

  const done = await invoke("{}");
  expect(kindsOf(done)).toEqual([
    "warn finding NON_COMPLIANT",
    "warn finding INSUFFICIENT_DATA",
    "info finding IGNORED",
    "warn warning",
    "warn run done",
    "warn warning",
  ]);
  expect(done.lines.join()).toContain(NOTIFIED);
  expect(kindsOf(await invoke('{"regions":["us-*"]}'))).toEqual([
    "warn warning",
    "error run failed",
  ]);
  await rm(bundle, { recursive: true });
});

test("every kind of line of the audit function is as the command prints it", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
  const invoke = (event: string, env: Record<string, string> = {}): Promise<Invocation<unknown>> =>
    invokeAudit(event, functionContext(emulator), { ...functionEnv(emulator), ...env });

  expect(kindsOf(await invoke("{}"))).toEqual(["info run done"]);
  expect(kindsOf(await invoke(JSON.stringify({ [NOTIFIED]: 1 })))).toEqual(["warn run failed"]);
  expect(kindsOf(await invoke("{}", { FLOWLOG_GUARD_TIMEOUT: NOTIFIED }))).toEqual([
    "error run failed",
  ]);
});
