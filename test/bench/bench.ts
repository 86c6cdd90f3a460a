import process from "node:process";

import { benchColdStart } from "./cold-start.ts";
import { benchDepth } from "./depth.ts";
import { benchFanOut } from "./fan-out.ts";
import { benchThroughput } from "./throughput.ts";

const BENCHES = {
  "fan-out": benchFanOut,
  throughput: benchThroughput,
  depth: benchDepth,
  "cold-start": benchColdStart,
};

/** The benches to run, by name: `npm run bench depth cold-start`. All without any. */
const names = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const line of await bench()) process.stdout.write(`${line}\n`);
}
