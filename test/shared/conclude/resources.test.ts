import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { concludeRun } from "../../../shared/conclude/conclude-run.ts";
import type { LogEntry } from "../../../shared/conclude/run-log.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { type Boxes, boxRule } from "../../harness/box-rule.ts";
import { DIRECT } from "../../harness/direct.ts";
import { openFileState } from "../../harness/file-state.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-resources-"));
});
afterEach(() => rm(dir, { recursive: true }));

const clock = (): Date => new Date();

/** An audit of one region in which the flow log service is activated, and its conclusion. */
async function runWith(boxes: Boxes, catcher: WebhookCatcher): Promise<LogEntry | undefined> {
  await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
  const rules = [...DEFAULT_RULES, boxRule({ "cn-a": boxes })];
  const report = await auditEmulator(emulator, { rules, runId: crypto.randomUUID() });
  const receivers = createReceivers([{ type: "webhook", url: catcher.url, name: "hook" }], DIRECT);
  const store = openFileState(join(dir, "state.json"), clock);
  const log: LogEntry[] = [];
  await concludeRun(report, receivers, {
    loadCards: async () => rules,
    policy: { repeatAfterMs: 86_400_000, unreadableAfter: 1, summaryEveryMs: null },
    store,
    clock,
    wholeScope: true,
    log: (entry) => log.push(entry),
  });
  return log.find(({ event }) => event === "run");
}

/** The changes of the last message, as `event region`. */
function lastChanges({ messages }: WebhookCatcher): string[] {
  const { data } = JSON.parse(String(messages.at(-1)?.body)) as {
    readonly data: { readonly changes: readonly Record<string, string>[] };
  };
  return data.changes.map((change) => `${change["event"]} ${change["regionId"]}`);
}

/** The state's entries of boxes: which are open, and what the receiver has confirmed. */
async function entries(): Promise<unknown[]> {
  const { state } = parseDocument(await readFile(join(dir, "state.json"), "utf8"));
  return state.entries.map(({ resource, open, notified }) => [
    resource?.id,
    open?.code,
    notified["hook"]?.open.confirmed?.code,
  ]);
}

test("two resources of one region are alerted, remembered and resolved one by one", async () => {
  await using catcher = await startWebhookCatcher();
  expect(await runWith({ "box-1": "open", "box-2": "open" }, catcher)).toMatchObject({
    alert: "CHANGES",
    nonCompliant: ["cn-a"],
    resources: { nonCompliant: [{ id: "box-1" }, { id: "box-2" }], unreadable: [] },
  });
  expect(lastChanges(catcher)).toEqual(["opened cn-a", "opened cn-a"]);
  expect(await entries()).toEqual([
    ["box-1", "OPEN", "OPEN"],
    ["box-2", "OPEN", "OPEN"],
  ]);

  const again = await runWith({ "box-1": "open", "box-2": "open" }, catcher);
  expect(again).toMatchObject({ alert: "NO_CHANGES", receivers: [] });
  expect(await runWith({ "box-1": "shut", "box-2": "open" }, catcher)).toMatchObject({
    alert: "CHANGES",
    resources: { nonCompliant: [{ id: "box-2" }] },
  });
  expect(lastChanges(catcher)).toEqual(["resolved cn-a"]);
  expect(await entries()).toEqual([["box-2", "OPEN", "OPEN"]]);

  // The boxes cannot be listed: no end is sent.
  await runWith("SERVICE_ERROR", catcher);
  expect(lastChanges(catcher)).toEqual(["unreadable cn-a"]);
  expect(await entries()).toContainEqual(["box-2", "OPEN", "OPEN"]);

  await runWith({ "box-1": "shut" }, catcher);
  expect(lastChanges(catcher).toSorted()).toEqual(["readable cn-a", "resolved cn-a"]);
  expect(await entries()).toEqual([]);
  expect(catcher.messages).toHaveLength(4);
  const keys = catcher.messages.map(({ headers }) => headers["webhook-id"]);
  expect(new Set(keys).size).toBe(4);
});
