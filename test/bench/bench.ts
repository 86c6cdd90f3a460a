import process from "node:process";

import { benchColdStart } from "./cold-start.ts";
import { benchFanOut } from "./fan-out.ts";
import { benchThroughput } from "./throughput.ts";

for (const bench of [benchFanOut, benchThroughput, benchColdStart]) {
  for (const line of await bench()) process.stdout.write(`${line}\n`);
}
