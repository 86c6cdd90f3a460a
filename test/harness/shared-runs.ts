import { join } from "node:path";

import type { Report } from "../../shared/audit/report.ts";
import { startEmulator } from "../emulator/emulator.ts";
import type { Fault } from "../emulator/faults.ts";
import { DEFAULT_WORLD, type RegionSeed } from "../emulator/world.ts";
import { homeFolder } from "./home-folder.ts";
import { emulatorEnv, runCli } from "./run-cli.ts";
import { startWebhookCatcher, type WebhookCatcher } from "./webhook-catcher.ts";

const { accountId } = DEFAULT_WORLD;
const OPEN: RegionSeed = { activated: false };

/** Runs that share a state, a chat and an Alertmanager; `cn-z` is exempt in this account alone. */
export async function startRuns() {
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
      const result = await runCli(args, emulatorEnv(emulator), { cwd: home.path });
      return { ...result, report: JSON.parse(result.stdout) as Report };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([chat, alertmanager, home].map((part) => part[Symbol.asyncDispose]()));
    },
  };
}

export function eventsOf({ messages }: WebhookCatcher): string[][] {
  return messages.map(({ body }) =>
    JSON.parse(body).data.changes.map(({ event }: { event: string }) => event),
  );
}

/** The labels of all alerts that an Alertmanager was sent, each once. */
export function labelsAt({ messages }: WebhookCatcher): unknown[] {
  const labels = messages.flatMap(({ body }) =>
    JSON.parse(body).map((alert: { labels: unknown }) => JSON.stringify(alert.labels)),
  );
  return [...new Set(labels)];
}
