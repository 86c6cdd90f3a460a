import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { EMPTY_STATE } from "../../../shared/alerts/alert-state.ts";
import type { Finding, Status } from "../../../shared/audit/finding.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { AlertError, NothingReadError, StateError } from "../../../shared/audit/run-error.ts";
import { assertConcluded } from "../../../shared/conclude/alert-outcome.ts";
import { concludeRun } from "../../../shared/conclude/conclude-run.ts";
import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import { DeliveryError } from "../../../shared/notify/delivery-error.ts";
import type { Receiver } from "../../../shared/notify/receiver.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { openState } from "../../../shared/state/open-state.ts";
import type { StateStore } from "../../../shared/state/state-store.ts";
import { startOss } from "../../emulator/oss.ts";
import { DIRECT } from "../../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../../harness/emulated-bucket.ts";
import { fullAfter, openFileState } from "../../harness/file-state.ts";
import { reportWith } from "../../harness/report-with.ts";
import {
  CATCHER_SECRETS,
  startWebhookCatcher,
  type WebhookCatcher,
} from "../../harness/webhook-catcher.ts";

const POLICY = { repeatAfterMs: 86_400_000, unreadableAfter: 2, summaryEveryMs: null };
const QUICK = { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 };
const clock = (): Date => new Date();

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-raise-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function fileState(path = join(dir, "state.json")): StateStore {
  return openFileState(path, clock);
}

function raise(
  catchers: readonly WebhookCatcher[],
  store: StateStore | null,
  statuses: readonly Status[] = ["NON_COMPLIANT"],
) {
  const receivers = createReceivers(
    catchers.map(({ url }, index) => ({ type: "webhook", url, name: `hook-${index}` })),
    DIRECT,
  );
  const options = { loadCards: loadRules, policy: POLICY, store, clock, retryPolicy: QUICK };
  return raiseAlert(reportWith(statuses), receivers, options);
}

describe("with a state", () => {
  test("a confirmed change is not sent again, and a failed one is", async () => {
    await using up = await startWebhookCatcher();
    await using down = await startWebhookCatcher([{ status: 500 }, { status: 200 }]);
    const first = await raise([up, down], fileState());
    expect(first).toMatchObject({
      reason: "CHANGES",
      deliveries: [{ status: "delivered" }, { status: "failed" }],
      // One of them was notified.
      undelivered: [],
    });
    const second = await raise([up, down], fileState());
    expect(second.deliveries).toMatchObject([{ name: "hook-1", status: "delivered" }]);
    const third = await raise([up, down], fileState());
    expect(third).toMatchObject({ reason: "NO_CHANGES", deliveries: [] });
    expect([up.messages.length, down.messages.length]).toEqual([1, 2]);
    const [again, original] = down.messages.map(({ headers }) => headers["webhook-id"]);
    expect(again).toBe(original);
  });

  test("a message has the changes, and their beginning", async () => {
    await using catcher = await startWebhookCatcher();
    await raise([catcher], fileState());
    await raise([catcher], fileState(), ["COMPLIANT"]);
    const changes = catcher.messages.map(({ body }) => JSON.parse(body).data.changes);
    const subject = {
      ruleId: "flow-log-service-activated",
      accountId: "1234567890123456",
      regionId: "cn-r0",
      since: "2026-11-22T08:00:01.200Z",
      console: "https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs",
    };
    expect(changes).toEqual([
      [{ event: "opened", ...subject, status: "NON_COMPLIANT", code: "NOT_ACTIVATED" }],
      [{ event: "resolved", ...subject, status: "COMPLIANT", code: "ACTIVATED" }],
    ]);
  });

  test("it contains neither address nor secret", async () => {
    await using catcher = await startWebhookCatcher();
    await raise([catcher], fileState());
    const { state } = await fileState().read();
    const text = JSON.stringify(state);
    expect(state.entries[0]?.notified).toHaveProperty("hook-0.open");
    for (const secret of [...CATCHER_SECRETS, catcher.url]) expect(text).not.toContain(secret);
  });
});

describe("a message that may have arrived", () => {
  function eventsAt({ messages }: WebhookCatcher): string[][] {
    return messages.map(({ body }) =>
      JSON.parse(body).data.changes.map(({ event }: { event: string }) => event),
    );
  }

  test("has its end sent, where the disk was full after the beginning was", async () => {
    await using catcher = await startWebhookCatcher();
    const outcome = await raise([catcher], fullAfter(1, fileState()));
    expect(outcome).toMatchObject({
      deliveries: [{ status: "delivered" }],
      stateProblem: "There is no room.",
    });
    await raise([catcher], fileState(), ["COMPLIANT"]);
    await raise([catcher], fileState(), ["COMPLIANT"]);
    expect(eventsAt(catcher)).toEqual([["opened"], ["resolved"]]);
  });

  test("is sent again while the condition lasts, and its end until that is confirmed", async () => {
    await using catcher = await startWebhookCatcher(["cut", "cut", "cut", { status: 200 }]);
    await raise([catcher], fileState());
    await raise([catcher], fileState());
    await raise([catcher], fileState(), ["COMPLIANT"]);
    expect((await fileState().read()).state.entries).toHaveLength(1);
    await raise([catcher], fileState(), ["COMPLIANT"]);
    expect((await fileState().read()).state.entries).toEqual([]);
    expect((await raise([catcher], fileState(), ["COMPLIANT"])).deliveries).toEqual([]);
    expect(eventsAt(catcher)).toEqual([["opened"], ["opened"], ["resolved"], ["resolved"]]);
  });

  test("does not include a refused one: no receiver knows of it, and no end is sent", async () => {
    await using catcher = await startWebhookCatcher([{ status: 403 }]);
    await raise([catcher], fileState());
    expect((await raise([catcher], fileState(), ["COMPLIANT"])).reason).toBe("ALL_WELL");
    expect(eventsAt(catcher)).toEqual([["opened"]]);
  });

  test("is recorded before it is sent, and from then on the run must not be cut short", async () => {
    let known: unknown;
    const log: string[] = [];
    await using catcher = await startWebhookCatcher([{ status: 200 }], () => {
      log.push("sent");
      known = JSON.parse(readFileSync(join(dir, "state.json"), "utf8")).entries[0].notified[
        "hook-0"
      ];
    });
    const receivers = createReceivers(
      [{ type: "webhook", url: catcher.url, name: "hook-0" }],
      DIRECT,
    );
    const onDeliver = (): void => void log.push("onDeliver");
    const options = {
      loadCards: loadRules,
      policy: POLICY,
      store: fileState(),
      clock,
      retryPolicy: QUICK,
      onDeliver,
    };
    await raiseAlert(reportWith(["NON_COMPLIANT"]), receivers, options);
    expect(known).not.toHaveProperty("open.confirmed");
    expect(known).toMatchObject({ open: { unconfirmed: { event: "opened" } } });
    expect(log).toEqual(["onDeliver", "sent"]);
  });
});

describe("a summary", () => {
  const policy = { ...POLICY, summaryEveryMs: 300_000 };

  function summarize(catcher: WebhookCatcher, minute: number) {
    const at = new Date(Date.UTC(2026, 10, 22, 8, minute)).toISOString();
    const times = { trigger: "timer", startedAt: at, finishedAt: at } as const;
    const report = { ...reportWith(["COMPLIANT"]), ...times };
    const receivers = createReceivers(
      [{ type: "webhook", url: catcher.url, name: "hook" }],
      DIRECT,
    );
    const options = { loadCards: loadRules, policy, store: fileState(), clock, retryPolicy: QUICK };
    return raiseAlert(report, receivers, options);
  }

  test("that was not accepted is due again in the next run, and one that was is not", async () => {
    await using catcher = await startWebhookCatcher([{ status: 500 }, { status: 200 }]);
    expect((await summarize(catcher, 0)).reason).toBe("ALL_WELL");
    expect(await summarize(catcher, 5)).toMatchObject({
      reason: "SUMMARY",
      deliveries: [{ status: "failed" }],
      undelivered: [],
    });
    expect(await summarize(catcher, 6)).toMatchObject({
      reason: "SUMMARY",
      deliveries: [{ status: "delivered" }],
    });
    expect((await summarize(catcher, 6)).reason).toBe("ALL_WELL");
  });
});

test("a receiver that hangs leaves time for the heartbeat and the log", async () => {
  await using catcher = await startWebhookCatcher(["hang"]);
  const receivers = createReceivers([{ type: "webhook", url: catcher.url }], DIRECT);
  const within = startTimeBudget(2_000, "DEADLINE_EXCEEDED");
  const options = { loadCards: loadRules, policy: POLICY, store: null, clock, within };
  const { undelivered } = await raiseAlert(reportWith(["NON_COMPLIANT"]), receivers, options);
  expect(undelivered).toHaveLength(1);
  expect(within.remainingMs()).toBeGreaterThan(100);
  within.release();
});

describe("a run that read no region", () => {
  function conclude(statuses: readonly Status[]) {
    const report = reportWith(statuses);
    const findings = report.findings.map((finding): Finding =>
      finding.status === "IGNORED"
        ? {
            ...finding,
            exemption: {
              owner: "net-team",
              reason: "gone",
              expires: "2999-12-31",
              endsSoon: false,
              observed: { status: "INSUFFICIENT_DATA", reason: finding.reason },
            },
          }
        : finding,
    );
    const options = { loadCards: loadRules, policy: POLICY, store: null, clock, log: () => {} };
    return concludeRun({ ...report, findings }, [], options);
  }

  test("is an error, also where an exemption covers what was not read", async () => {
    await expect(conclude(["INSUFFICIENT_DATA"])).rejects.toBeInstanceOf(NothingReadError);
    await expect(conclude(["IGNORED"])).rejects.toBeInstanceOf(NothingReadError);
    expect(await conclude(["IGNORED", "COMPLIANT"])).toMatchObject({ reason: "ALL_WELL" });
  });
});

test("a run whose account is unknown sends no end, and is not remembered", async () => {
  await using catcher = await startWebhookCatcher();
  await raise([catcher], fileState());
  const before = await fileState().read();
  const report = reportWith(["COMPLIANT"]);
  const nameless: Report = {
    ...report,
    scope: { ...report.scope, accounts: ["unknown"] },
    findings: report.findings.map((finding) => ({ ...finding, accountId: "unknown" })),
  };
  const receivers = createReceivers(
    [{ type: "webhook", url: catcher.url, name: "hook-0" }],
    DIRECT,
  );
  const options = {
    loadCards: loadRules,
    policy: POLICY,
    store: fileState(),
    clock,
    retryPolicy: QUICK,
  };
  expect(await raiseAlert(nameless, receivers, options)).toMatchObject({
    deliveries: [],
    warnings: [expect.stringContaining("could not be learnt")],
  });
  expect(await fileState().read()).toEqual(before);
});

describe("a state that cannot be reached", () => {
  const STATE_NOTE = expect.stringMatching(/^The state cannot be read or written/);

  /** The notes of all messages. */
  function notesIn({ messages }: WebhookCatcher): string[] {
    return messages.flatMap(({ body }) => {
      const { data } = JSON.parse(body) as { readonly data: { readonly notes?: string[] } };
      return data.notes ?? [];
    });
  }

  test("causes a warning and repeated alerts, but none is lost", async () => {
    await using catcher = await startWebhookCatcher();
    const nowhere = join(dir, "no-such-folder", "state.json");
    for (let run = 1; run <= 2; run += 1) {
      const outcome = await raise([catcher], fileState(nowhere));
      expect(outcome).toMatchObject({
        reason: "NON_COMPLIANT",
        deliveries: [{ status: "delivered" }],
        warnings: [expect.stringContaining("alerts may be repeated")],
        stateProblem: expect.stringContaining("no-such-folder"),
      });
    }
    expect(catcher.messages).toHaveLength(2);
    expect(notesIn(catcher)).toContainEqual(STATE_NOTE);
  });

  test("is not mentioned where no state is configured, or it works", async () => {
    await using catcher = await startWebhookCatcher();
    await raise([catcher], null);
    await raise([catcher], fileState());
    expect(catcher.messages).toHaveLength(2);
    expect(notesIn(catcher)).not.toContainEqual(STATE_NOTE);
  });

  test.each([
    [60_000, 3_000],
    [1_000, 150],
  ])("of %i ms has %i at most to write the intent", async (runMs, limitMs) => {
    await using catcher = await startWebhookCatcher();
    const limits: number[] = [];
    const store: StateStore = {
      name: "slow",
      read: async () => ({ state: EMPTY_STATE, warnings: [] }),
      acquire: async () => ({
        state: EMPTY_STATE,
        warnings: [],
        save: async (_state, within) => void limits.push(within?.remainingMs() ?? Infinity),
        release: async () => {},
      }),
    };
    const receivers = createReceivers([{ type: "webhook", url: catcher.url }], DIRECT);
    const within = startTimeBudget(runMs, "DEADLINE_EXCEEDED");
    const options = { loadCards: loadRules, policy: POLICY, store, clock, within };
    await raiseAlert(reportWith(["NON_COMPLIANT"]), receivers, options);
    within.release();
    expect(limits[0]).toBeLessThanOrEqual(limitMs);
    expect(limits[0]).toBeGreaterThan(0);
  });

  test.each<[string, (count: number) => boolean]>([
    ["from the beginning", () => true],
    ["once its lease is there", (count) => count > 2],
  ])("does not use up the time of the alert where it hangs %s", async (_when, hangs) => {
    await using catcher = await startWebhookCatcher();
    let count = 0;
    await using oss = await startOss({
      ...OSS_SEED,
      faultFor: () => (hangs((count += 1)) ? "hang" : undefined),
    });
    const store = openState(
      { kind: "oss", bucket: OSS_SEED.bucket, prefix: "", regionId: "cn-hangzhou" },
      {
        credentials: OSS_SEED.key,
        regionId: null,
        inFunctionCompute: true,
        transport: DIRECT,
        endpoint: emulatorEndpoint(oss),
        clock,
      },
    );
    const receivers = createReceivers([{ type: "webhook", url: catcher.url }], DIRECT);
    const short = startTimeBudget(1_500, "DEADLINE_EXCEEDED");
    const options = { loadCards: loadRules, policy: POLICY, store, clock, within: short };
    expect(await raiseAlert(reportWith(["NON_COMPLIANT"]), receivers, options)).toMatchObject({
      reason: "NON_COMPLIANT",
      deliveries: [{ status: "delivered" }],
      warnings: [expect.stringContaining("did not answer in time")],
    });
    short.release();
  });

  test("only for a moment has no effect: the last write has everything that was confirmed", async () => {
    await using catcher = await startWebhookCatcher();
    const store = fileState();
    let failures = 1;
    const flaky: StateStore = {
      name: "flaky",
      read: () => store.read(),
      acquire: async (options) => {
        const lock = await store.acquire(options);
        const save: typeof lock.save = async (state) => {
          failures -= 1;
          if (failures >= 0) throw new StateError("UNAVAILABLE", "There is no room.");
          await lock.save(state);
        };
        return { state: lock.state, warnings: [], save, release: () => lock.release() };
      },
    };
    expect((await raise([catcher], flaky)).warnings).toEqual([]);
    expect((await raise([catcher], store)).reason).toBe("NO_CHANGES");
  });

  test("that can no longer be written causes a warning and no lost alert", async () => {
    await using catcher = await startWebhookCatcher();
    const store: StateStore = {
      name: "full",
      read: async () => ({ state: EMPTY_STATE, warnings: [] }),
      acquire: async () => ({
        state: EMPTY_STATE,
        warnings: [],
        save: async () => {
          throw new StateError("UNAVAILABLE", "There is no room.");
        },
        release: async () => {},
      }),
    };
    expect(await raise([catcher], store)).toMatchObject({
      reason: "CHANGES",
      deliveries: [{ status: "delivered" }],
      warnings: ["There is no room. Until then alerts may be repeated."],
    });
    expect(notesIn(catcher)).toContainEqual(STATE_NOTE);
  });
});

test("while another run has locked the state, this one fails and sends no alert", async () => {
  await using catcher = await startWebhookCatcher();
  const within = startTimeBudget(60_000, "TIMEOUT");
  const lock = await fileState().acquire({ within, reserveMs: 0 });
  const short = startTimeBudget(100, "TIMEOUT");
  const receivers = createReceivers([{ type: "webhook", url: catcher.url }], DIRECT);
  const options = {
    loadCards: loadRules,
    policy: POLICY,
    store: fileState(),
    clock,
    within: short,
  };
  const raised = raiseAlert(reportWith(["NON_COMPLIANT"]), receivers, options);
  await expect(raised).rejects.toMatchObject({ name: "StateError", code: "BUSY" });
  expect(catcher.messages).toEqual([]);
  await lock.release();
  within.release();
  short.release();
});

describe("an alert that reached no receiver", () => {
  test("is an error with the reason and without an address", async () => {
    await using catcher = await startWebhookCatcher([{ status: 404 }]);
    const outcome = await raise([catcher, catcher], null);
    expect(outcome.undelivered).toHaveLength(1);
    const assertion = (): void => assertConcluded(outcome);
    expect(assertion).toThrow(AlertError);
    expect(assertion).toThrow("HTTP 404");
    for (const secret of CATCHER_SECRETS) expect(assertion).not.toThrow(secret);
  });

  test("is no error when another receiver was notified before, in either order", async () => {
    await using up = await startWebhookCatcher();
    await using down = await startWebhookCatcher([{ status: 500 }]);
    const [knows, isNew] = createReceivers(
      [
        { type: "webhook", url: up.url, name: "knows" },
        { type: "webhook", url: down.url, name: "is-new" },
      ],
      DIRECT,
    );
    if (knows === undefined || isNew === undefined) throw new Error("there are two");
    const report = reportWith(["NON_COMPLIANT"]);
    const options = {
      loadCards: loadRules,
      policy: POLICY,
      store: fileState(),
      clock,
      retryPolicy: QUICK,
    };
    await raiseAlert(report, [knows], options);
    expect(await raiseAlert(report, [isNew, knows], options)).toMatchObject({
      deliveries: [{ name: "is-new", status: "failed" }],
      undelivered: [],
    });
  });

  test("is no error when another receiver was notified before, or none is configured", async () => {
    await using up = await startWebhookCatcher();
    await using down = await startWebhookCatcher([{ status: 500 }]);
    await raise([up], fileState());
    // hook-1 is new, and fails; hook-0 was notified in the run before.
    const outcome = await raise([up, down], fileState());
    expect(outcome).toMatchObject({ deliveries: [{ name: "hook-1" }], undelivered: [] });
    expect((await raise([], null)).undelivered).toEqual([]);
  });
});

test.each([
  [39_000, 25_000],
  [30_000, 21_000],
  [10_000, 7_000],
])("of %i ms a delivery that hangs has %i; the heartbeat has the rest", async (leftMs, takesMs) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const hangs: Receiver = {
      name: "hangs",
      type: "webhook",
      host: "hangs.example.com",
      wantsEveryRun: false,
      compose: ({ changes }) => [{ key: "", body: {}, covers: changes }],
      async send({ budget }) {
        while (budget.endedBy === null) vi.advanceTimersByTime(100);
        throw new DeliveryError("TIMEOUT", "", { retryable: "always", httpStatus: null });
      },
    };
    const within = startTimeBudget(leftMs, "DEADLINE_EXCEEDED");
    const retryPolicy = { maxAttempts: 9, baseDelayMs: 0, maxDelayMs: 0 };
    const options = {
      loadCards: loadRules,
      policy: POLICY,
      store: null,
      clock,
      retryPolicy,
      within,
    };
    await raiseAlert(reportWith(["NON_COMPLIANT"]), [hangs], options);
    expect(within.remainingMs()).toBe(leftMs - takesMs);
    within.release();
  } finally {
    vi.useRealTimers();
  }
});
