import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import type { OssEmulator } from "../emulator/oss.ts";
import type { RegionSeed } from "../emulator/world.ts";
import { OSS_SEED } from "./emulated-bucket.ts";
import { functionContext, functionEnv, invokeCheck } from "./invoke-function.ts";
import type { WebhookCatcher } from "./webhook-catcher.ts";

export function tick(hour: number): string {
  const triggerTime = `2026-11-22T${String(hour).padStart(2, "0")}:17:00Z`;
  return JSON.stringify({ triggerName: "hourly", triggerTime, payload: "" });
}

export async function startCloud(regions: Record<string, RegionSeed>): Promise<Emulator> {
  return startEmulator({ regions, keys: [OSS_SEED.key] });
}

/** The environment that points the function at an emulated bucket. */
export function envOf(emulator: Emulator, oss: OssEmulator, more: Record<string, string> = {}) {
  return {
    ...functionEnv(emulator),
    FLOWLOG_GUARD_STATE: `oss://${OSS_SEED.bucket}/guard/`,
    FLOWLOG_GUARD_OSS_ENDPOINT: oss.origin,
    ...more,
  };
}

export async function run(
  hour: number,
  regions: Record<string, RegionSeed>,
  oss: OssEmulator,
  catcher: WebhookCatcher,
) {
  await using emulator = await startCloud(regions);
  const env = envOf(emulator, oss, { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url });
  return await invokeCheck(tick(hour), functionContext(emulator), env);
}

/** The receiver's record of the first region's open condition, in the state in the bucket. */
export function recordOf({ objects }: OssEmulator, receiver: string): unknown {
  return JSON.parse(String(objects.get("guard/state.json"))).entries[0]?.notified[receiver]?.open;
}

export function eventsOf({ messages }: WebhookCatcher): string[][] {
  return messages.map(({ body }) =>
    JSON.parse(body).data.changes.map(({ event }: { event: string }) => event),
  );
}
