import process from "node:process";

import { benchFanOut } from "./fan-out.ts";

for (const line of await benchFanOut()) process.stdout.write(`${line}\n`);
