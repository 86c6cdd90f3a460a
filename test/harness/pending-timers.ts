import process from "node:process";

/** How many timers wait in this process, to see that what starts one lets go of it. */
export function pendingTimers(): number {
  return process.getActiveResourcesInfo().filter((type) => type === "Timeout").length;
}
