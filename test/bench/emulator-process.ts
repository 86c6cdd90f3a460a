import process from "node:process";

import { startEmulator } from "../emulator/emulator.ts";
import type { RegionSeed } from "../emulator/world.ts";

/** An emulator of the regions that it is sent, in a separate process, so that its work is not measured. */
process.once("message", (regions: Readonly<Record<string, RegionSeed>>) => void start(regions));

async function start(regions: Readonly<Record<string, RegionSeed>>): Promise<void> {
  const emulator = await startEmulator({ regions });
  process.send?.({ endpoint: emulator.endpoint, key: emulator.world.keys[0] });
  process.once("disconnect", () => void emulator.stop());
}
