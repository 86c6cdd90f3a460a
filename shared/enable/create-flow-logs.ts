import type { CallError } from "../audit/call-error.ts";
import { type FlowLog, isActive } from "../audit/flow-log.ts";
import type { ChangeContext } from "./change-context.ts";
import { listFlowLogs, listOnce } from "./list-flow-logs.ts";
import type { Creation, Outcome } from "./plan.ts";
import { failureOf, mayHaveChanged, tryChange } from "./try-change.ts";
import { INTERRUPTED, waitUntil } from "./wait-until.ts";

/**
 * Creates the flow logs of a region one after another, and waits until they are active. `CreateFlowLog`
 * has no client token: before each attempt that could create a second one, the list of flow logs is
 * read, and where it cannot be read, there is no other attempt. There is none either after a call
 * without an answer, whose effect may still come.
 *
 * @returns the outcomes, in the order of the creations
 */
export async function createFlowLogs(
  regionId: string,
  creations: readonly Creation[],
  context: ChangeContext,
): Promise<readonly Outcome[]> {
  let known: readonly FlowLog[];
  try {
    known = await listFlowLogs(regionId, context);
  } catch (error) {
    const failed = failureOf(error);
    return creations.map(() => failed);
  }
  const outcomes: Outcome[] = [];
  for (const creation of creations) {
    // The plan had none on the VPC: wherever it delivers to, somebody made it meanwhile.
    const isThere = known.some((flowLog) => isLive(flowLog) && isOnVpc(creation, flowLog));
    if (isThere) outcomes.push({ outcome: "already", reason: null });
    else outcomes.push(await createFlowLog(creation, known, context));
  }
  return confirm(regionId, outcomes, context);
}

/** @param before - the region's flow logs before any was created */
async function createFlowLog(
  creation: Creation,
  before: readonly FlowLog[],
  context: ChangeContext,
): Promise<Outcome> {
  if (context.stop.aborted) return { outcome: "skipped", reason: INTERRUPTED };
  const { regionId, resource, projectName, logStoreName } = creation;
  const { activator } = context;
  const request = {
    vpcId: resource.id,
    flowLogName: `flowlog-guard-${resource.id}`,
    projectName,
    logStoreName,
  };
  try {
    const flowLogId = await tryChange(
      async (limit) => (await activator.createFlowLog(regionId, request, limit)).value,
      async (error) => {
        if (error.retryable === "never" && !mayHaveChanged(error)) return null;
        const created = (await listFlowLogs(regionId, context)).find(
          (flowLog) =>
            isOn(creation, flowLog) &&
            before.every(({ flowLogId }) => flowLogId !== flowLog.flowLogId),
        );
        if (created === undefined && isUnanswered(error)) throw notKnown(error);
        return created?.flowLogId ?? null;
      },
      context,
    );
    return { outcome: "done", reason: null, flowLogId };
  } catch (error) {
    return failureOf(error);
  }
}

/** Whether a flow log is one of the whole VPC of a creation. */
function isOnVpc({ resource }: Creation, { resourceType, resourceId }: FlowLog): boolean {
  return resourceType === "VPC" && resourceId === resource.id;
}

/** Whether it also delivers where the creation would. */
function isOn(creation: Creation, flowLog: FlowLog): boolean {
  return (
    isOnVpc(creation, flowLog) &&
    flowLog.projectName === creation.projectName &&
    flowLog.logStoreName === creation.logStoreName
  );
}

/** Whether the service may still be at work: after an answer, the list has what was created. */
function isUnanswered(error: CallError): boolean {
  return mayHaveChanged(error) && error.exchange.httpStatus === null;
}

function notKnown(error: CallError): CallError {
  const notice = "Whether the flow log is created is not known: run the same command again later.";
  return error.with({ message: `${error.message} ${notice}`, retryable: "never" });
}

function isLive(flowLog: FlowLog): boolean {
  return isActive(flowLog) || flowLog.status === "Activating";
}

/** Waits until the status of all created flow logs is `Active`. */
async function confirm(
  regionId: string,
  outcomes: readonly Outcome[],
  context: ChangeContext,
): Promise<readonly Outcome[]> {
  const created = new Set(
    outcomes.flatMap(({ outcome, flowLogId }) =>
      outcome === "done" && flowLogId !== undefined ? [flowLogId] : [],
    ),
  );
  if (created.size === 0) return outcomes;
  const active = new Set<string>();
  const reason = await waitUntil(async (limit) => {
    const flowLogs = await listOnce(regionId, context.cloud, (read) => read(limit));
    for (const { flowLogId } of flowLogs.filter(isActive)) active.add(flowLogId);
    return [...created].every((flowLogId) => active.has(flowLogId));
  }, context);
  return outcomes.map((outcome) =>
    outcome.flowLogId === undefined || active.has(outcome.flowLogId)
      ? outcome
      : { ...outcome, outcome: "pending", reason },
  );
}
