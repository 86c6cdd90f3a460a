/** An event of ActionTrail. It may have any other field, such as `responseElements` with keys in clear. */
export interface TrailEventSeed extends Readonly<Record<string, unknown>> {
  readonly eventId: string;
  /** `2026-11-28T17:00:00Z`. */
  readonly eventTime: string;
  readonly eventName: string;
  readonly acsRegion: string;
}

/** What an event has beside who did what, when and where. */
export function trailEvent(
  event: TrailEventSeed,
  identity: Readonly<Record<string, unknown>> = {},
): TrailEventSeed {
  return {
    eventVersion: "1",
    eventType: "ApiCall",
    eventRW: "Write",
    serviceName: "Vpc",
    eventSource: "vpc.aliyuncs.com",
    apiVersion: "2016-04-28",
    requestId: event.eventId,
    userAgent: "AliyunConsole",
    sourceIpAddress: "203.0.113.7",
    recipientAccountId: "1234567890123456",
    userIdentity: {
      type: "ram-user",
      principalId: "274180646548292385",
      accountId: "1234567890123456",
      userName: "alice",
      accessKeyId: "LTAI5tOfSomebodyElse",
      ...identity,
    },
    ...event,
  };
}
