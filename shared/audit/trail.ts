import type { Answer, CallLimit, TokenPage } from "./cloud.ts";

/**
 * The events of VPC that change what flow logs record: who activates the service, and who makes, deletes,
 * starts, stops or changes a flow log. Each is the name of the API operation.
 *
 * @see https://api.aliyun.com/document/Vpc/2016-04-28/overview
 */
export const FLOW_LOG_EVENTS = [
  "OpenFlowLogService",
  "CreateFlowLog",
  "DeleteFlowLog",
  "ActiveFlowLog",
  "DeactiveFlowLog",
  "ModifyFlowLogAttribute",
] as const;
export type FlowLogEventName = (typeof FLOW_LOG_EVENTS)[number];

/**
 * An event of ActionTrail, reduced to what says who did what: a whole event may contain keys. Every text
 * is from outside, and one line of what can be seen; null where the event does not say.
 *
 * @see https://www.alibabacloud.com/help/en/actiontrail/user-guide/management-event-structure
 */
export interface TrailEvent {
  readonly eventId: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly regionId: string;
  readonly name: string;
  /** For example `root-account`, `ram-user` or `assumed-role`. */
  readonly identityType: string | null;
  readonly accountId: string | null;
  readonly principalId: string | null;
  /** Of a role that was assumed, with the name of its session. */
  readonly userName: string | null;
  /** The last four characters of the access key's id. */
  readonly accessKeyEnd: string | null;
  readonly sourceIp: string | null;
  /** The id of the flow log. */
  readonly flowLogId: string | null;
  /** The id of the resource whose traffic it records, such as a VPC. */
  readonly resourceId: string | null;
  /** Where the call failed, and so changed nothing. */
  readonly errorCode: string | null;
}

/** Which events are asked for. */
export interface TrailQuery {
  readonly regionId: string;
  readonly eventName: FlowLogEventName;
  /** Milliseconds since the epoch; at most 90 days before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The port to ActionTrail, which records who called which operation in the account of the credentials.
 * The method makes one attempt; retries are the caller's. It rejects with a `CallError`, and with nothing
 * else.
 */
export interface Trail {
  /**
   * Lists a page of events, the oldest first.
   *
   * @param token - that of the page before; null for the first page
   */
  lookUpEvents(
    query: TrailQuery,
    token: string | null,
    limit: CallLimit,
  ): Promise<Answer<TokenPage<TrailEvent>>>;
}
