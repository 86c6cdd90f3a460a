import type { FindingRemedy } from "../audit/finding.ts";
import type { FlowLog } from "../audit/flow-log.ts";
import type { LogTarget } from "./log-target.ts";

const MAX_LISTED = 5;

/** Lists ids in a sentence: all of a few, and the number of the others. */
export function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_LISTED);
  const others = ids.length - shown.length;
  return others === 0 ? shown.join(", ") : `${shown.join(", ")} and ${others} more`;
}

/** The ids of flow logs in a sentence. */
export function listedLogs(logs: readonly FlowLog[]): string {
  return listed(logs.map(({ flowLogId }) => flowLogId));
}

/** A word of the service as it came; text that is no word is not repeated. */
export function serviceWord(value: string | undefined): string | null {
  return value !== undefined && /^\w{1,64}$/.test(value) ? value : null;
}

/** Whether the log service made a flow log: it alone can change it then. */
export function isMadeByLogService({ serviceType }: FlowLog): boolean {
  return serviceType === "sls";
}

/** What to do where the log service made the flow logs. */
export function changeInLogService(logs: readonly FlowLog[]): string {
  return `Simple Log Service created ${listedLogs(logs)}, so only the console of Simple Log Service can change that (Log Audit Service, or the app for VPC flow logs).`;
}

/** Says how to create a flow log: with which command, and with whose names where it has none. */
export function createBy({ command }: FindingRemedy, target: LogTarget | null): string {
  const names =
    target === null ? ", with your project and log store in place of PROJECT and LOGSTORE" : "";
  return `Create one${names}: ${command}`;
}

/**
 * Says of a VPC with IPv6 that only IPv4 is recorded; empty where that is not so.
 *
 * @param logs - those that cover the VPC
 */
export function ipv6Note(enabledIpv6: boolean, logs: readonly FlowLog[]): string {
  return enabledIpv6 && logs.every(({ ipVersion }) => ipVersion === "IPv4")
    ? " The VPC has IPv6, but only IPv4 traffic is recorded."
    : "";
}
