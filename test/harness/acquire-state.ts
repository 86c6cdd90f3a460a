import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import type { StateError } from "../../shared/audit/run-error.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import { openState } from "../../shared/state/open-state.ts";
import type { StorageSurroundings } from "../../shared/storage/open-bucket.ts";
import { parseStorageAddress } from "../../shared/storage/storage-address.ts";
import { DIRECT } from "./direct.ts";
import { stateWith } from "./state-with.ts";

/** The input of {@link main}. */
export interface AcquireStateTask extends Omit<StorageSurroundings, "clock" | "transport"> {
  readonly address: string;
  readonly regionId: string;
  /** Whether to keep the lock after saving, and to stay alive. */
  readonly stays: boolean;
}

/** Acquires the lock of a state, saves one region in the state, and prints the outcome. */
async function main({ address, stays, ...surroundings }: AcquireStateTask): Promise<void> {
  const within = startTimeBudget(10_000, "TIMEOUT");
  const parsed = parseStorageAddress(address);
  if ("problem" in parsed) throw new Error(parsed.problem);
  const store = openState(parsed, {
    ...surroundings,
    transport: DIRECT,
    clock: () => new Date(),
  });
  try {
    const lock = await store?.acquire({ within, reserveMs: 0 });
    await lock?.save(stateWith([surroundings.regionId]));
    process.stdout.write("saved\n");
    if (stays) await sleep(60_000);
    await lock?.release();
  } catch (error) {
    const { name, message } = error as StateError;
    process.stdout.write(`${name}: ${message}\n`);
  } finally {
    within.release();
  }
}

void main(JSON.parse(String(process.argv[2])) as AcquireStateTask);
