import type { FlowLog, MissingLogStore } from "../audit/flow-log.ts";
import { type RegionReader, UnreadableError } from "../audit/region-reader.ts";
import { DEFAULT_RULE_SETTINGS } from "../audit/rule-settings.ts";
import { activateFlowLog, createMissing } from "../rules/flow-log-remedies.ts";
import type { Creation, NotChanged, Plan } from "./plan.ts";

/**
 * Completes the plan for one region: where the log store of its new flow logs is not there, or cannot be
 * read, the region's flow logs are left out, with the commands that make it; and inactive flow logs get
 * the command that activates them.
 */
export async function checkRegion(plan: Plan, region: RegionReader): Promise<Plan> {
  const { regionId } = region;
  const creation = plan.entries
    .filter((entry) => entry.action === "create-flow-log")
    .find((entry) => entry.regionId === regionId);
  const missing = creation === undefined ? null : await checkLogStore(creation, region);
  const notChanged = await Promise.all(
    plan.notChanged.map(async (item) =>
      item.regionId === regionId && item.reason.code === "FLOW_LOG_INACTIVE"
        ? { ...item, commands: await activeFlowLogCommands(item, region) }
        : item,
    ),
  );
  if (missing === null) return { ...plan, notChanged };
  return {
    ...plan,
    entries: plan.entries.filter(
      (entry) => entry.regionId !== regionId || entry.action !== "create-flow-log",
    ),
    notChanged: [...notChanged, missing],
  };
}

/** @returns why no flow log can be created in the region; null where the log store is there */
async function checkLogStore(entry: Creation, region: RegionReader): Promise<NotChanged | null> {
  const { accountId, regionId, localName, projectName, logStoreName } = entry;
  const about = { accountId, regionId, ...(localName !== undefined && { localName }) };
  try {
    const { value } = await region.logStore(projectName, logStoreName);
    if (typeof value !== "string") return null;
    const [missing, create] =
      value === "no-project"
        ? [`The project ${projectName}`, "the project and its log store"]
        : [`The log store ${projectName}/${logStoreName}`, "it"];
    const message = `${missing} is not in the region, so no flow log is created there. Create ${create}, then run the command again.`;
    return {
      ...about,
      reason: { code: "LOG_STORE_MISSING", message },
      unreadable: false,
      commands: commandsToCreate(entry, value),
    };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const message = `Whether the log store ${projectName}/${logStoreName} is in the region could not be read, so no flow log is created there. ${error.message}`;
    return { ...about, reason: { code: error.code, message }, unreadable: true, commands: [] };
  }
}

function commandsToCreate(
  { regionId, projectName, logStoreName }: Creation,
  missing: MissingLogStore,
): readonly string[] {
  const { command } = createMissing(missing, {
    regionId,
    projectName,
    logStoreName,
    ttlDays: DEFAULT_RULE_SETTINGS["flow-log-retention"].minDays,
  });
  return command === null ? [] : [command];
}

async function activeFlowLogCommands(
  { resource }: NotChanged,
  region: RegionReader,
): Promise<readonly string[]> {
  let flowLogs: readonly FlowLog[] = [];
  try {
    flowLogs = (await region.flowLogs()).value;
  } catch (error) {
    // The plan then has the reason without a command.
    if (!(error instanceof UnreadableError)) throw error;
  }
  return flowLogs
    .filter(({ resourceId, status }) => resourceId === resource?.id && status === "Inactive")
    .flatMap((flowLog) => activateFlowLog(region.regionId, flowLog).command ?? []);
}
