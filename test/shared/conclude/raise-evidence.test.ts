import { expect, test } from "vitest";

import type { EvidenceError } from "../../../shared/audit/run-error.ts";
import { assertConcluded } from "../../../shared/conclude/alert-outcome.ts";
import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import { RunEvidence } from "../../../shared/conclude/run-evidence.ts";
import { openEvidence } from "../../../shared/evidence/open-evidence.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { openState } from "../../../shared/state/open-state.ts";
import { DIRECT } from "../../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../../harness/emulated-bucket.ts";
import { type EvidenceBucket, startEvidenceBucket } from "../../harness/evidence-bucket.ts";
import { keepRuns, madeUpReport } from "../../harness/keep-runs.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const NOON = Date.UTC(2026, 10, 28, 12);

/** Concludes a run that finds something, in the time of a function. */
async function raise({ oss }: EvidenceBucket, hook: WebhookCatcher, leftMs: number, hour = 0) {
  const surroundings = {
    credentials: OSS_SEED.key,
    regionId: "cn-hangzhou",
    inFunctionCompute: false,
    endpoint: emulatorEndpoint(oss),
    transport: DIRECT,
    clock: () => new Date(),
  };
  const bucket = { kind: "oss", regionId: null } as const;
  const keeper = openEvidence(
    { ...bucket, bucket: "guard-evidence", prefix: "kept/" },
    { ...surroundings, clockDifferenceMs: () => -2_500 },
  );
  if (keeper === null) throw new Error("a bucket takes evidence");
  const within = startTimeBudget(leftMs, "DEADLINE_EXCEEDED");
  const report = madeUpReport(new Date(NOON + hour * 3_600_000), ["NON_COMPLIANT"]);
  try {
    return await raiseAlert(
      report,
      createReceivers([{ type: "webhook", url: hook.url, name: "hook" }], DIRECT),
      {
        loadCards: loadRules,
        policy: { repeatAfterMs: 60_000, unreadableAfter: 2, summaryEveryMs: null },
        store: openState({ ...bucket, bucket: OSS_SEED.bucket, prefix: "guard/" }, surroundings),
        clock: () => new Date(),
        evidence: new RunEvidence(keeper),
        within,
      },
    );
  } finally {
    within.release();
  }
}

function evidenceAt({ messages }: WebhookCatcher): unknown {
  return JSON.parse(String(messages.at(-1)?.body)).data.evidence;
}

/** Why a run failed after its alert. */
function problemOf(outcome: Awaited<ReturnType<typeof raise>>): EvidenceError | null {
  try {
    assertConcluded(outcome);
    return null;
  } catch (error) {
    return error as EvidenceError;
  }
}

test("the alert has the head, and what is remembered of it survives the chain", async () => {
  await using kept = await startEvidenceBucket();
  await using hook = await startWebhookCatcher();
  const first = await raise(kept, hook, 20_000);
  expect(problemOf(first)).toBeNull();
  expect(evidenceAt(hook)).toEqual({ manifestSha256: kept.chain().head });
  // An audit that alerts nobody keeps its report in the same chain, and forgets no notification.
  await keepRuns([madeUpReport(new Date(NOON + 1_800_000))], kept);
  const third = await raise(kept, hook, 20_000, 1);
  expect(third.reason).toBe("CHANGES");
  const events = hook.messages.map(({ body }) => JSON.parse(body).data.changes[0].event);
  expect(events).toEqual(["opened", "reminder"]);
  const { manifests, loose, head } = kept.chain();
  expect([manifests.length, loose]).toEqual([3, []]);
  expect(manifests[0]?.clockDifferenceMs).toBe(-2_500);
  expect(evidenceAt(hook)).toEqual({ manifestSha256: head });
});

test.each(["report", "manifest"])(
  "a bucket that does not answer for a %s leaves time for the alert",
  async (kind) => {
    await using kept = await startEvidenceBucket({
      faultFor: ({ key }) => (key.endsWith(`.${kind}.json`) ? "hang" : undefined),
    });
    await using hook = await startWebhookCatcher();
    const beganMs = performance.now();
    const outcome = await raise(kept, hook, 3_000);
    expect(performance.now() - beganMs).toBeLessThan(3_000);
    expect(outcome.deliveries).toMatchObject([{ status: "delivered" }]);
    expect(evidenceAt(hook)).toBeUndefined();
    expect(problemOf(outcome)).toMatchObject({
      name: "EvidenceError",
      message: expect.stringMatching(/ did not answer in time\.$/),
      done: { alert: "CHANGES" },
    });
    // The alert is remembered, and so is a manifest that may be stored.
    const state = JSON.parse(String(kept.oss.objects.get("guard/state.json")));
    expect(state.entries[0].notified.hook.open).toHaveProperty("confirmed");
    expect("evidence" in state).toBe(kind === "manifest");
  },
);

test("a state that cannot be read costs the manifest, and neither the report nor the alert", async () => {
  await using kept = await startEvidenceBucket(
    {},
    { faultFor: ({ key }) => (key.startsWith("guard/") ? "denied" : undefined) },
  );
  await using hook = await startWebhookCatcher();
  const outcome = await raise(kept, hook, 20_000);
  expect(outcome.stateProblem).toContain("Access denied to the state");
  expect(outcome.deliveries).toMatchObject([{ status: "delivered" }]);
  expect(problemOf(outcome)?.message).toMatch(
    /^The report of this run was kept as .*, but not added to the chain of evidence\. Access denied/,
  );
  expect(kept.chain()).toMatchObject({ manifests: [], loose: [expect.any(String)] });
});
