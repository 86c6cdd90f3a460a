import process from "node:process";

import type { KeySeed } from "../emulator/world.ts";
import type { Cost } from "./many-regions.ts";

/** The request to a program. */
export interface OrganizationQuestion {
  readonly endpoint: string;
  readonly key: KeySeed;
  /** Accounts are the first of these. */
  readonly accountIds: readonly string[];
  /** What selects the same accounts in an event. */
  readonly pattern: string;
  readonly regionIds: readonly string[];
  readonly role: { readonly name: string; readonly externalId: string };
  readonly concurrency: number;
  /** The built function. */
  readonly check: string;
}

/** The measurements of a program that ran once. */
export type PeakCost = Cost & { readonly peakBytes: number };

/** Runs a program at the first request. A process runs only one, and once, so that its memory can be measured. */
export function measureOnce(program: (question: OrganizationQuestion) => Promise<void>): void {
  const answer = async (question: OrganizationQuestion): Promise<void> => {
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    await program(question);
    const { user, system } = process.cpuUsage(cpu);
    const ms = performance.now() - startedMs;
    const peakBytes = process.resourceUsage().maxRSS * 1_024;
    process.send?.({ ms, cpuMs: (user + system) / 1_000, peakBytes } satisfies PeakCost);
  };
  process.once("message", (question: OrganizationQuestion) => void answer(question));
}
