import * as v from "valibot";

import type { LogStoreSettings } from "../audit/flow-log.ts";

const count = v.exactOptional(v.pipe(v.number(), v.safeInteger()));
const truth = v.exactOptional(v.boolean());
const word = v.exactOptional(v.pipe(v.string(), v.regex(/^\w{1,32}$/)));

/**
 * What an answer may have for all settings to be known: those that `aliyun sls update-log-store` takes,
 * and what is no setting.
 *
 * @see https://help.aliyun.com/zh/sls/developer-reference/logstore-update-log-store
 */
const KnownSettings = v.strictObject({
  appendMeta: truth,
  autoSplit: truth,
  createTime: v.exactOptional(v.unknown()),
  enable_tracking: truth,
  hot_ttl: count,
  infrequentAccessTTL: count,
  lastModifyTime: v.exactOptional(v.unknown()),
  logstoreName: v.exactOptional(v.unknown()),
  maxSplitShard: count,
  mode: word,
  productType: v.exactOptional(v.unknown()),
  shardCount: count,
  ttl: v.unknown(),
});

/**
 * Reads the settings of a log store beside its retention.
 *
 * @param body - the answer of GetLogStore
 * @returns undefined where it has another setting that is not empty, such as an encryption
 */
export function readLogStoreSettings(body: unknown): LogStoreSettings | undefined {
  const given = Object.entries(Object(body)).filter(([, value]) => !isEmpty(value));
  const parsed = v.safeParse(KnownSettings, Object.fromEntries(given));
  if (!parsed.success) return undefined;
  const {
    enable_tracking: enableTracking,
    hot_ttl: hotTtlDays,
    infrequentAccessTTL: infrequentAccessTtlDays,
    ...settings
  } = parsed.output;
  const { appendMeta, autoSplit, maxSplitShard, mode, shardCount } = settings;
  return {
    appendMeta,
    autoSplit,
    enableTracking,
    hotTtlDays,
    infrequentAccessTtlDays,
    maxSplitShard,
    mode,
    shardCount,
  };
}

/** `None` is how the service writes that there is no type of telemetry. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === "" || value === "None") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
