import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { flowLogServiceActivated } from "../../../shared/rules/flow-log-service-activated.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { boxRule } from "../../harness/box-rule.ts";
import { DIRECT } from "../../harness/direct.ts";
import { openFileState } from "../../harness/file-state.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const BOXES = boxRule({ "cn-a": { "box-1": "open" } });
const KNOWN: readonly Rule[] = [flowLogServiceActivated, BOXES];
const POLICY = { repeatAfterMs: 86_400_000, unreadableAfter: 1, summaryEveryMs: null };
const clock = (): Date => new Date();

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-rules-"));
});
afterEach(() => rm(dir, { recursive: true }));

/**
 * Audits a region in which the service is activated, and alerts.
 *
 * @returns the rules whose cards were loaded, in one list for each time
 */
async function runWith(
  rules: readonly Rule[],
  catcher: WebhookCatcher,
  { wholeScope = true, known = KNOWN } = {},
): Promise<(readonly string[])[]> {
  await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
  const report = await auditEmulator(emulator, { rules, runId: crypto.randomUUID() });
  const receivers = createReceivers(
    [{ type: "slack", url: catcher.url, name: "hook", language: "en" }],
    DIRECT,
  );
  const store = openFileState(join(dir, "state.json"), clock);
  const loaded: (readonly string[])[] = [];
  await raiseAlert(report, receivers, {
    loadCards: async (ruleIds) => {
      loaded.push(ruleIds);
      return known.filter(({ id }) => ruleIds.includes(id));
    },
    policy: POLICY,
    store,
    clock,
    wholeScope,
  });
  return loaded;
}

const ACTIVATION_ID = flowLogServiceActivated.id;

test("a rule that is no longer chosen leaves the scope, in the words of its card", async () => {
  await using catcher = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  expect(await runWith(KNOWN, catcher)).toEqual([[ACTIVATION_ID, BOXES.id]]);
  expect(catcher.messages.at(-1)?.body).toContain("ACME samples");

  // A narrowed run shows nothing of the rule, and needs no card of it.
  const narrowed = await runWith([flowLogServiceActivated], catcher, { wholeScope: false });
  expect(narrowed).toEqual([[ACTIVATION_ID]]);
  expect(catcher.messages).toHaveLength(1);

  expect(await runWith([flowLogServiceActivated], catcher)).toEqual([[ACTIVATION_ID, BOXES.id]]);
  expect(catcher.messages).toHaveLength(2);
  const body = String(catcher.messages.at(-1)?.body);
  expect(body).toContain("No longer checked");
  expect(body).toContain("ACME samples");

  expect(await runWith([flowLogServiceActivated], catcher)).toEqual([[ACTIVATION_ID]]);
  expect(catcher.messages).toHaveLength(2);
});

test("a rule that this version does not know leaves the scope under its id", async () => {
  await using catcher = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  await runWith(KNOWN, catcher);
  await runWith([flowLogServiceActivated], catcher, { known: [flowLogServiceActivated] });
  const body = String(catcher.messages.at(-1)?.body);
  expect(body).toContain("No longer checked");
  expect(body).toContain(BOXES.id);
  expect(body).not.toContain("ACME samples");
});
