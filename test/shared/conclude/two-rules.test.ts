import { describe, expect, test } from "vitest";

import { EMPTY_STATE, type State } from "../../../shared/alerts/alert-state.ts";
import { alertOf } from "../../../shared/alerts/alert.ts";
import { planWithState } from "../../../shared/alerts/plan.ts";
import { rememberNotified } from "../../../shared/alerts/remember.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { deliver } from "../../../shared/notify/deliver.ts";
import { createReceivers, type ReceiverType } from "../../../shared/notify/receivers.ts";
import { flowLogServiceActivated } from "../../../shared/rules/flow-log-service-activated.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { DIRECT } from "../../harness/direct.ts";
import { evidenceOf } from "../../harness/evidence-of.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const POLICY = { repeatAfterMs: 86_400_000, unreadableAfter: 1, summaryEveryMs: null };

/** The sample rule, which finds the samples of a region broken until they are repaired. */
function sampleRule(isBroken: () => boolean): Rule {
  return {
    ...SAMPLE_RULE,
    async evaluate({ regionId }) {
      const exchange = { requestId: "S-1", endpoint: "samples.example", httpStatus: 200 };
      const evidence = evidenceOf(exchange);
      const resource = { type: "ACME::Lab::Sample", id: `s-${regionId}` };
      return isBroken()
        ? [
            {
              status: "NON_COMPLIANT",
              reason: { code: "BROKEN", message: `${regionId} is broken.` },
              evidence,
              resource,
            },
          ]
        : [
            {
              status: "COMPLIANT",
              reason: { code: "IN_ORDER", message: `${regionId} is in order.` },
              evidence,
              resource,
            },
          ];
    },
  };
}

/** Sends a receiver the changes after a report, and returns the new state. */
async function notify(
  catcher: WebhookCatcher,
  type: ReceiverType,
  report: Report,
  cards: readonly Rule[],
  before: State,
): Promise<State> {
  const [receiver] = createReceivers([{ type, url: catcher.url, language: "en" }], DIRECT);
  if (receiver === undefined) throw new Error("there is a receiver");
  const finishedAtMs = Date.parse(report.finishedAt);
  const run = { runId: report.runId, startedAtMs: Date.parse(report.startedAt), finishedAtMs };
  const plan = planWithState(before, report, [receiver], { ...run, wholeScope: true }, POLICY);
  const changes = plan.changes.get(receiver.name) ?? [];
  const alert = alertOf("alert", report, cards, changes, true);
  const { delivery, notified } = await deliver(receiver, alert, { clock: () => new Date() });
  expect(delivery).toMatchObject({ status: "delivered", error: null });
  return rememberNotified(plan.state, receiver.name, notified, finishedAtMs);
}

describe("an audit of two rules", () => {
  test.each([
    ["slack", "ok"],
    ["dingtalk", '{"errcode":0}'],
  ] as const)(
    "notifies %s of each rule in its own words, and of the end of each",
    async (type, body) => {
      let isBroken = true;
      const rules = [flowLogServiceActivated, sampleRule(() => isBroken)];
      await using catcher = await startWebhookCatcher([{ status: 200, body }]);
      await using emulator = await startEmulator({
        regions: { "cn-a": { activated: false }, "cn-b": { activated: true } },
      });
      const first = await auditEmulator(emulator, { rules, runId: "run-1" });
      expect(first.summary).toMatchObject({ total: 4, nonCompliant: 3, compliant: 1 });
      const state = await notify(catcher, type, first, rules, EMPTY_STATE);

      isBroken = false;
      const second = await auditEmulator(emulator, { rules, runId: "run-2" });
      await notify(catcher, type, second, rules, state);

      const [opened = "", resolved = ""] = catcher.messages.map((message) => message.body);
      expect(opened).toContain(
        "Not activated: cn-a · VPC flow log service; out of order: 2 samples · ACME samples",
      );
      expect(opened).toContain("the VPC flow log service is not activated");
      expect(opened).toContain("out of order (");
      expect(opened).toContain("ACME Baseline 3.1 control 7");
      expect(resolved).toContain("Resolved, now in order: 2 samples · ACME samples");
      expect(resolved).toContain("Still not activated (already notified): cn-a");
    },
  );

  test("gives an Alertmanager an alert for each rule, severity and control of its own", async () => {
    const rules = [flowLogServiceActivated, sampleRule(() => true)];
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: false } } });
    const report = await auditEmulator(emulator, { rules });
    await notify(catcher, "alertmanager", report, rules, EMPTY_STATE);
    const posted: unknown = JSON.parse(catcher.messages[0]?.body ?? "");
    expect(posted).toMatchObject([
      {
        labels: {
          alertname: "VpcFlowLogNotActivated",
          rule_id: "flow-log-service-activated",
          severity: "critical",
          control: "CIS-2.5",
        },
      },
      {
        labels: {
          alertname: "AcmeSampleOutOfOrder",
          rule_id: "sample-rule",
          severity: "medium",
          control: "ACME-7",
        },
      },
    ]);
  });
});
