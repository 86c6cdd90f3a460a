import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { State } from "../../../shared/alerts/alert-state.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import { concludeRun } from "../../../shared/conclude/conclude-run.ts";
import { createReceivers, type ReceiverOptions } from "../../../shared/notify/receivers.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { DIRECT } from "../../harness/direct.ts";
import { openFileState } from "../../harness/file-state.ts";
import { organizationReport } from "../../harness/many-accounts.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const ACCOUNTS = 1_000;
const REGIONS = 30;
const SUBJECTS = ACCOUNTS * REGIONS;
const DAY_MS = 86_400_000;
const FIVE = 5;
const MAX_STATE_BYTES = 8 * 1_024 * 1_024;
/** Of processor time, so that other work on the machine does not count. */
const RUN_LIMIT_MS = 20_000;

const CHATS: readonly Pick<ReceiverOptions, "type" | "language">[] = [
  { type: "dingtalk" },
  { type: "wecom" },
  { type: "slack" },
  { type: "webhook" },
];
const ANSWERS: Readonly<Record<string, string>> = {
  dingtalk: '{"errcode":0}',
  wecom: '{"errcode":0}',
  slack: "ok",
  webhook: "",
  alertmanager: "",
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-organization-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Runs an organization's audits, with receivers that accept everything. */
class Organization implements AsyncDisposable {
  readonly path = join(dir, "state.json");
  readonly #catchers = new Map<string, WebhookCatcher>();
  readonly #types: readonly Pick<ReceiverOptions, "type" | "language">[];

  constructor(types: readonly Pick<ReceiverOptions, "type" | "language">[]) {
    this.#types = types;
  }

  /** One run of all accounts; says how much processor time concluding it took, and what each receiver got of it. */
  async run(
    day: number,
    status: Status,
    reason?: Parameters<typeof organizationReport>[0]["reason"],
  ) {
    const at = new Date(Date.UTC(2026, 10, 22) + day * DAY_MS).toISOString();
    const report = organizationReport({
      accounts: ACCOUNTS,
      regions: REGIONS,
      status: () => status,
      ...(reason && { reason }),
      more: { runId: `run-${day}`, trigger: "timer", startedAt: at, finishedAt: at },
    });
    const configured: ReceiverOptions[] = [];
    const before = new Map<string, number>();
    for (const { type, ...rest } of this.#types) {
      const catcher =
        this.#catchers.get(type) ??
        (await startWebhookCatcher([{ status: 200, body: ANSWERS[type] ?? "" }]));
      this.#catchers.set(type, catcher);
      before.set(type, catcher.messages.length);
      configured.push({ type, name: type, url: catcher.url, ...rest });
    }
    const began = process.cpuUsage();
    const outcome = await concludeRun(report, createReceivers(configured, DIRECT), {
      loadCards: loadRules,
      policy: { repeatAfterMs: 7 * DAY_MS, unreadableAfter: 1, summaryEveryMs: 3 * DAY_MS },
      store: this.#store(),
      clock: () => new Date(at),
      log: () => {},
      wholeScope: true,
    });
    const tookMs = process.cpuUsage(began).user / 1_000;
    const messages = new Map(
      [...this.#catchers].map(([type, catcher]) => [
        type,
        catcher.messages.slice(before.get(type)).map(({ body }) => body),
      ]),
    );
    return { outcome, tookMs, messages, counts: [...messages.values()].map((all) => all.length) };
  }

  async state(): Promise<State> {
    return (await this.#store().read()).state;
  }

  async stateBytes(): Promise<number> {
    return (await stat(this.path)).size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const catcher of this.#catchers.values()) await catcher[Symbol.asyncDispose]();
  }

  #store() {
    return openFileState(this.path, () => new Date(Date.UTC(2026, 10, 22)));
  }
}

function expectFewMessages(counts: readonly number[]): void {
  for (const count of counts) {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(FIVE);
  }
}

describe("1,000 accounts of 30 regions, all of which are not compliant", () => {
  test(
    "are said in five messages at most, once, and so is their end",
    { timeout: 300_000 },
    async () => {
      await using organization = new Organization(CHATS);
      const first = await organization.run(0, "NON_COMPLIANT");
      expectFewMessages(first.counts);
      for (const delivery of first.outcome.deliveries) {
        expect(delivery).toMatchObject({ status: "delivered", error: null });
      }
      for (const [type, bodies] of first.messages) {
        const text = bodies.join("\n");
        expect([
          type,
          text.includes("30000"),
          /1000 (?:accounts|个账号)|"accounts":1000/.test(text),
        ]).toEqual([type, true, true]);
      }
      expect((await organization.state()).entries).toHaveLength(SUBJECTS);
      const bytes = await organization.stateBytes();
      expect(bytes).toBeLessThan(MAX_STATE_BYTES);
      expect(first.tookMs).toBeLessThan(RUN_LIMIT_MS);

      const second = await organization.run(1, "NON_COMPLIANT");
      expect(second.counts).toEqual(CHATS.map(() => 0));
      expect(second.outcome.reason).toBe("NO_CHANGES");

      const summary = await organization.run(4, "NON_COMPLIANT");
      expect(summary.outcome.reason).toBe("SUMMARY");
      expectFewMessages(summary.counts);

      const reminder = await organization.run(8, "NON_COMPLIANT");
      expectFewMessages(reminder.counts);

      const end = await organization.run(9, "COMPLIANT");
      expectFewMessages(end.counts);
      expect((await organization.state()).entries).toEqual([]);
      // Nothing is left to say but a summary, which a message with changes has put off.
      const last = await organization.run(10, "COMPLIANT");
      expect([last.outcome.reason, last.counts]).toEqual(["SUMMARY", CHATS.map(() => 1)]);
      process.stdout.write(
        `state ${bytes} bytes; runs ${[first, second, summary, reminder, end].map(({ tookMs }) => Math.round(tookMs)).join(", ")} ms; messages ${first.counts.join(", ")}\n`,
      );
    },
  );
});

test(
  "an Alertmanager has an alert for each of 30,000 regions, and each of them ends",
  { timeout: 300_000 },
  async () => {
    await using organization = new Organization([{ type: "alertmanager" }]);
    const regionsOf = (bodies: readonly string[] = []): number =>
      new Set(
        bodies.flatMap((body) =>
          JSON.parse(body).map(({ labels }: { readonly labels: Record<string, string> }) =>
            JSON.stringify(labels),
          ),
        ),
      ).size;
    for (const [day, status] of [
      [0, "NON_COMPLIANT"],
      [1, "NON_COMPLIANT"],
      [2, "COMPLIANT"],
    ] as const) {
      const { messages, tookMs } = await organization.run(day, status);
      const bodies = messages.get("alertmanager") ?? [];
      expect(regionsOf(bodies)).toBe(SUBJECTS);
      for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThan(1_000_000);
      expect(tookMs).toBeLessThan(RUN_LIMIT_MS);
    }
    expect((await organization.state()).entries).toEqual([]);
  },
);
