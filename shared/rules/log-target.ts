import type { FlowLog } from "../audit/flow-log.ts";

/** Where a flow log delivers to: a project of the log service, and a log store in it. */
export interface LogTarget {
  readonly projectName: string;
  readonly logStoreName: string;
}

/** Where a flow log delivers to; null where a name is not known. */
export function targetOf({ projectName, logStoreName }: FlowLog): LogTarget | null {
  if (projectName === undefined || logStoreName === undefined) return null;
  return { projectName, logStoreName };
}

/** The first place that flow logs deliver to whose names are known; null where there is none. */
export function firstTarget(logs: readonly FlowLog[]): LogTarget | null {
  return logs.map(targetOf).find((target) => target !== null) ?? null;
}
