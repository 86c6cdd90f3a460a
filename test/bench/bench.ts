import { writeFile } from "node:fs/promises";
import process from "node:process";

import { ROOT } from "../../scripts/bundle.ts";
import type { Bars } from "./bench-result.ts";
import { chart } from "./chart.ts";
import { benchColdStart } from "./cold-start.ts";
import { benchDepth } from "./depth.ts";
import { benchFanOut } from "./fan-out.ts";
import { benchOrganization } from "./organization.ts";
import { benchThrottling } from "./throttling.ts";
import { benchThroughput } from "./throughput.ts";

const BENCHES = {
  "fan-out": benchFanOut,
  throughput: benchThroughput,
  organization: benchOrganization,
  throttling: benchThrottling,
  depth: benchDepth,
  "cold-start": benchColdStart,
};

/** The benches to run, by name: `npm run bench depth cold-start`. All without any. */
const names = process.argv.slice(2);
const shown: Bars[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const { lines, bars } = await bench();
  for (const line of lines) process.stdout.write(`${line}\n`);
  shown.push(...bars);
}
// Only a run of all of them has what the chart compares.
if (names.length === 0) await writeFile(`${ROOT}docs/benchmarks.svg`, chart(shown));
