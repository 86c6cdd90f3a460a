import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { DEFAULT_WORLD, type RegionSeed } from "../../emulator/world.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const { accountId } = DEFAULT_WORLD;
const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

/** Runs that share a state, a chat and an Alertmanager; `cn-z` is exempt in this account alone. */
async function startRuns() {
  const chat = await startWebhookCatcher();
  const alertmanager = await startWebhookCatcher();
  const home = await homeFolder({
    "flowlog-guard.yaml": `state: file:./state.json
exemptions:
  - { region: cn-z, account: "${accountId}", owner: net-team, reason: NET-42, expires: 2099-01-01 }
alerts:
  unreadableAfter: 1
  receivers:
    - { type: webhook, name: chat, url: "${chat.url}" }
    - { type: alertmanager, name: pager, url: "${alertmanager.origin}" }
`,
  });
  return {
    chat,
    alertmanager,
    statePath: join(home.path, "state.json"),
    async audit(regions: Record<string, RegionSeed>, fault?: Fault) {
      const faults = fault === undefined ? {} : { GetCallerIdentity: fault };
      await using emulator = await startEmulator({ regions: { "cn-z": OPEN, ...regions }, faults });
      const args = ["audit", "--alert", "--format", "json"];
      const startedMs = performance.now();
      const result = await runCli(args, emulatorEnv(emulator), { cwd: home.path });
      const tookMs = performance.now() - startedMs;
      return { ...result, tookMs, report: JSON.parse(result.stdout) as Report };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([chat, alertmanager, home].map((part) => part[Symbol.asyncDispose]()));
    },
  };
}

function eventsOf({ messages }: WebhookCatcher): string[][] {
  return messages.map(({ body }) =>
    JSON.parse(body).data.changes.map(({ event }: { event: string }) => event),
  );
}

/** The labels of all alerts that an Alertmanager was sent, each once. */
function labelsAt({ messages }: WebhookCatcher): unknown[] {
  const labels = messages.flatMap(({ body }) =>
    JSON.parse(body).map((alert: { labels: unknown }) => JSON.stringify(alert.labels)),
  );
  return [...new Set(labels)];
}

describe("a run that STS does not tell its account", () => {
  test.each<Fault>([{ kind: "hang" }, { kind: "json-500" }])(
    "is taken to be of the state's: $kind",
    async (fault) => {
      await using runs = await startRuns();
      const known = await runs.audit({ "cn-a": OPEN });
      expect(known.report.caller?.accountId).toBe(accountId);

      const outage = await runs.audit({ "cn-a": OPEN }, fault);
      expect(outage.exitCode).toBe(1);
      expect(outage.report).toMatchObject({
        caller: null,
        accountAssumed: true,
        scope: { accounts: [accountId] },
        summary: { nonCompliant: 1, ignored: 1 },
      });
      expect(outage.stderr).toContain(`so it is taken to be ${accountId}, which the state is of.`);
      expect(outage.tookMs).toBeLessThan(8_000);
      expect(eventsOf(runs.chat)).toEqual([["opened"]]);
      expect(labelsAt(runs.alertmanager)).toHaveLength(1);
      expect(runs.alertmanager.messages.length).toBe(2);
    },
  );

  test("says nothing is over, and what is new all the same", async () => {
    const fault: Fault = { kind: "json-500" };
    await using runs = await startRuns();
    await runs.audit({ "cn-a": OPEN, "cn-b": DENIED, "cn-c": WELL });
    expect(eventsOf(runs.chat)).toEqual([["opened", "unreadable"]]);
    await runs.audit({ "cn-a": WELL, "cn-b": WELL, "cn-c": OPEN }, fault);
    expect(eventsOf(runs.chat)).toEqual([["opened", "unreadable"], ["opened"]]);
    await runs.audit({ "cn-a": WELL, "cn-b": WELL, "cn-c": OPEN });
    expect(eventsOf(runs.chat).slice(2)).toEqual([["resolved", "readable"]]);
  });

  test("learns it at another endpoint where the first is silent", async () => {
    await using runs = await startRuns();
    const { report, stderr } = await runs.audit({ "cn-a": WELL }, { kind: "hang", times: 1 });
    expect(report.caller?.accountId).toBe(accountId);
    expect(stderr).not.toContain("taken to be");
  });

  test("stays of an unknown account where the state is of two", async () => {
    await using runs = await startRuns();
    await runs.audit({ "cn-a": OPEN });
    const state = await readFile(runs.statePath, "utf8");
    const other = JSON.parse(state, (key, value: unknown) =>
      key === "accountId" ? "2000000000000002" : value,
    );
    const both = JSON.parse(state);
    both.entries.push(...other.entries);
    await writeFile(runs.statePath, JSON.stringify(both));
    const { report } = await runs.audit({ "cn-a": OPEN }, { kind: "json-500" });
    expect(report.scope.accounts).toEqual(["unknown"]);
    expect(report.accountAssumed).toBeUndefined();
  });
});
