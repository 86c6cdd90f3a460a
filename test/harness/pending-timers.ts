import process from "node:process";

/** The number of pending timers in this process, to detect leaked ones. */
export function pendingTimers(): number {
  return process.getActiveResourcesInfo().filter((type) => type === "Timeout").length;
}
