import type { CallLimit, Cloud } from "../audit/cloud.ts";
import type { FlowLog } from "../audit/flow-log.ts";
import { retry } from "../retry/retry.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import { readPages } from "../run/read-pages.ts";
import type { ChangeContext } from "./change-context.ts";

/**
 * Lists the flow logs of a region as they are now, with retries, within the time of a change.
 *
 * @throws `CallError` when they could not be read
 */
export async function listFlowLogs(
  regionId: string,
  { cloud, policy, timeoutMs, attemptTimeoutMs }: ChangeContext,
): Promise<readonly FlowLog[]> {
  const budget = startTimeBudget(timeoutMs, "TIMEOUT");
  try {
    return await listOnce(regionId, cloud, (read) =>
      retry((_attempt, limit) => read(limit), policy, budget, attemptTimeoutMs),
    );
  } finally {
    budget.release();
  }
}

/**
 * Lists the flow logs of a region.
 *
 * @param attempt - makes one call, or several
 * @throws `CallError` when they could not be read
 */
export async function listOnce(
  regionId: string,
  cloud: Cloud,
  attempt: <T>(read: (limit: CallLimit) => Promise<T>) => Promise<T>,
): Promise<readonly FlowLog[]> {
  const { value } = await readPages(
    (pageNumber) => attempt((limit) => cloud.listFlowLogs(regionId, pageNumber, limit)),
    ({ flowLogId }) => flowLogId,
  );
  return value;
}
