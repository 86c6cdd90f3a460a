import process from "node:process";

import { startEmulator } from "../emulator/emulator.ts";

/** An emulator in a separate process, so that its work is not measured. */
const regions = Object.fromEntries(
  Array.from({ length: Number(process.argv[2]) }, (_, index) => [
    `cn-r${index}`,
    { activated: true },
  ]),
);
const emulator = await startEmulator({ regions });
process.send?.({ endpoint: emulator.endpoint, key: emulator.world.keys[0] });
process.once("disconnect", () => void emulator.stop());
