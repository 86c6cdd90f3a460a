import * as v from "valibot";

import type { Answer, CallLimit, TokenPage } from "../audit/cloud.ts";
import type { Trail, TrailEvent, TrailQuery } from "../audit/trail.ts";
import type { Transport } from "../http/transport.ts";
import type { Credentials } from "../service/credentials.ts";
import { actionTrailEndpoint, type Endpoints } from "../service/endpoints.ts";
import { cleanText } from "../text/clean-text.ts";
import { optionalText } from "./answer-fields.ts";
import { askRpc } from "./sdk/ask-rpc.ts";

/** The most that a page can have. */
const MAX_RESULTS = 50;
/** Bytes of a text of an event: names of users and sessions have at most 64 characters. */
const MAX_TEXT_BYTES = 200;

const shownText = v.pipe(
  v.nullish(v.string(), ""),
  v.transform((text) => cleanText(text, MAX_TEXT_BYTES) || null),
);

/** The rest of an access key's id could be used to look for its secret elsewhere. */
const keyEnd = v.pipe(
  v.nullish(v.string(), ""),
  v.transform((id) => (/^\w{12,128}$/.test(id) ? id.slice(-4) : null)),
);

/** A parameter of the call that is an id; null where it is anything else. */
const idParameter = v.fallback(
  v.nullish(v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/)), null),
  null,
);

/** The fields that are shown, and no other: a whole event may contain keys, also in clear. */
const Event = v.pipe(
  v.object({
    eventId: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
    eventTime: v.pipe(v.string(), v.isoTimestamp()),
    eventName: v.pipe(v.string(), v.regex(/^\w{1,128}$/)),
    acsRegion: v.nullish(v.pipe(v.string(), v.regex(/^[\w-]{0,64}$/)), ""),
    sourceIpAddress: shownText,
    errorCode: shownText,
    userIdentity: v.nullish(
      v.object({
        type: shownText,
        accountId: shownText,
        principalId: shownText,
        userName: shownText,
        accessKeyId: keyEnd,
      }),
      {},
    ),
    requestParameters: v.fallback(v.object({ FlowLogId: idParameter, ResourceId: idParameter }), {
      FlowLogId: null,
      ResourceId: null,
    }),
  }),
  v.transform((event) => ({
    eventId: cleanText(event.eventId, MAX_TEXT_BYTES),
    at: new Date(event.eventTime).toISOString(),
    regionId: event.acsRegion,
    name: event.eventName,
    identityType: event.userIdentity.type,
    accountId: event.userIdentity.accountId,
    principalId: event.userIdentity.principalId,
    userName: event.userIdentity.userName,
    accessKeyEnd: event.userIdentity.accessKeyId,
    sourceIp: event.sourceIpAddress,
    flowLogId: event.requestParameters.FlowLogId,
    resourceId: event.requestParameters.ResourceId,
    errorCode: event.errorCode,
  })),
);

const Events = v.object({
  RequestId: v.optional(v.string()),
  NextToken: optionalText,
  Events: v.array(Event),
});

export interface AlibabaTrailOptions {
  readonly credentials: Credentials;
  readonly endpoints: Pick<Endpoints, "actionTrail">;
  /** Appended to the SDK's own user agent. */
  readonly userAgent: string;
  readonly transport: Transport;
}

/** ActionTrail of Alibaba Cloud, which has no SDK for Node.js. */
export class AlibabaTrail implements Trail {
  readonly #options: AlibabaTrailOptions;

  constructor(options: AlibabaTrailOptions) {
    this.#options = options;
  }

  /** @see https://www.alibabacloud.com/help/en/actiontrail/latest/api-actiontrail-2020-07-06-lookupevents */
  async lookUpEvents(
    { regionId, eventName, fromMs, toMs }: TrailQuery,
    token: string | null,
    limit: CallLimit,
  ): Promise<Answer<TokenPage<TrailEvent>>> {
    const { endpoints, ...target } = this.#options;
    const { value, exchange } = await askRpc(
      {
        product: "actiontrail",
        operation: "LookupEvents",
        version: "2020-07-06",
        query: {
          RegionId: regionId,
          StartTime: timeOf(fromMs),
          EndTime: timeOf(toMs),
          Direction: "FORWARD",
          MaxResults: String(MAX_RESULTS),
          // One condition is all that a query can have.
          "LookupAttribute.1.Key": "EventName",
          "LookupAttribute.1.Value": eventName,
          ...(token !== null && { NextToken: token }),
        },
        // Not every region has ActionTrail.
        hostProvesRegion: false,
      },
      { ...target, endpoint: actionTrailEndpoint(regionId, endpoints) },
      Events,
      limit,
    );
    const items = value.Events.map((event) => ({ ...event, regionId: event.regionId || regionId }));
    return { value: { items, nextToken: value.NextToken ?? null }, exchange };
  }
}

/** As the operation takes it, in whole seconds: `2026-11-28T17:00:00Z`. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
