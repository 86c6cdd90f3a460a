import { readFileSync } from "node:fs";

/**
 * What the real `s info --silent -o json` printed after a good deployment. `s.yaml` has given the
 * check function a variable more since then, which is filled in as Serverless Devs would print it.
 */
export const RECORDED = complete(
  readFileSync(new URL("recorded/s-info.json", import.meta.url), "utf8"),
);

function complete(recorded: string): string {
  const info = JSON.parse(recorded);
  const { environmentVariables, triggers } = info["flowlog-guard-check"];
  environmentVariables.FLOWLOG_GUARD_SCHEDULE = triggers[0].triggerConfig.cronExpression;
  return JSON.stringify(info, null, 2);
}
