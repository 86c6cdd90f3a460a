import * as v from "valibot";

/**
 * The bodies of requests to Simple Log Service, API version 2020-12-30, as its documentation and the models of its
 * SDKs define them; an attribute that they do not define is refused.
 *
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-createsavedsearch
 */
export const SavedSearch = v.strictObject({
  savedsearchName: v.pipe(v.string(), v.minLength(3), v.maxLength(63), v.regex(/^[a-z0-9-]+$/)),
  displayName: v.pipe(v.string(), v.minLength(1), v.maxLength(63)),
  logstore: v.string(),
  topic: v.string(),
  searchQuery: v.string(),
});

const DELIMITERS = v.array(v.pipe(v.string(), v.length(1)));

/** @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-struct-index */
export const Index = v.strictObject({
  max_text_len: v.pipe(v.number(), v.integer(), v.minValue(64), v.maxValue(16_384)),
  line: v.strictObject({ caseSensitive: v.boolean(), chn: v.boolean(), token: DELIMITERS }),
  keys: v.record(
    v.string(),
    v.strictObject({
      type: v.picklist(["text", "long", "double", "json"]),
      doc_value: v.boolean(),
      caseSensitive: v.boolean(),
      chn: v.boolean(),
      token: DELIMITERS,
    }),
  ),
});

const RELATIVE_START = v.pipe(v.string(), v.regex(/^-\d+[smhd]$/));

/** Of a chart of the second generation, whose query is in `chartQueries`. */
const ChartQuery = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[A-Z]$/)),
  datasource: v.literal("logstore"),
  project: v.string(),
  logstore: v.string(),
  query: v.string(),
  /** The query with its variables; the same where it has none. */
  tokenQuery: v.string(),
});

const Chart = v.strictObject({
  title: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9_-]{0,98}[a-z0-9]$/)),
  type: v.picklist(["statpro", "linepro", "tablepro"]),
  search: v.strictObject({
    logstore: v.string(),
    topic: v.string(),
    query: v.literal("@"),
    start: RELATIVE_START,
    end: v.literal("now"),
    chartQueries: v.array(ChartQuery),
  }),
  action: v.strictObject({}),
  display: v.looseObject({
    basicOptions: v.looseObject({ displayName: v.string() }),
    xPos: v.pipe(v.number(), v.integer(), v.minValue(0)),
    yPos: v.pipe(v.number(), v.integer(), v.minValue(0)),
    width: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(24)),
    height: v.pipe(v.number(), v.integer(), v.minValue(1)),
    version: v.literal("2"),
  }),
});

/**
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-create-dashboard
 * @see https://github.com/aliyun/aliyun-log-go-sdk
 */
export const Dashboard = v.strictObject({
  dashboardName: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  displayName: v.string(),
  description: v.string(),
  attribute: v.strictObject({ type: v.literal("grid") }),
  charts: v.array(Chart),
});

const Named = v.strictObject({ key: v.string(), value: v.string() });

/**
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-createalert
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/data-structure-of-an-alert-monitoring-rule
 */
export const Alert = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[0-9a-z][0-9a-z_-]{2,62}[0-9a-z]$/)),
  displayName: v.pipe(v.string(), v.minLength(4), v.maxLength(100)),
  description: v.pipe(v.string(), v.maxLength(256)),
  schedule: v.strictObject({
    type: v.literal("FixedRate"),
    interval: v.pipe(v.string(), v.regex(/^\d+[smhd]$/)),
    runImmediately: v.boolean(),
  }),
  configuration: v.strictObject({
    version: v.literal("2.0"),
    type: v.literal("default"),
    dashboard: v.literal("internal-alert-analysis"),
    queryList: v.pipe(
      v.array(
        v.strictObject({
          storeType: v.literal("log"),
          region: v.string(),
          project: v.string(),
          store: v.string(),
          query: v.string(),
          timeSpanType: v.picklist(["Relative", "Truncated", "Custom"]),
          start: RELATIVE_START,
          end: v.literal("now"),
          powerSqlMode: v.picklist(["auto", "enable", "disable"]),
        }),
      ),
      v.minLength(1),
      v.maxLength(3),
    ),
    groupConfiguration: v.strictObject({
      type: v.picklist(["no_group", "custom", "labels_auto"]),
      fields: v.array(v.string()),
    }),
    joinConfigurations: v.array(v.never()),
    severityConfigurations: v.pipe(
      v.array(
        v.strictObject({
          severity: v.picklist([2, 4, 6, 8, 10]),
          evalCondition: v.strictObject({ condition: v.string(), countCondition: v.string() }),
        }),
      ),
      v.minLength(1),
    ),
    labels: v.array(Named),
    annotations: v.array(Named),
    autoAnnotation: v.boolean(),
    sendResolved: v.boolean(),
    threshold: v.pipe(v.number(), v.minValue(1)),
    noDataFire: v.boolean(),
    noDataSeverity: v.picklist([2, 4, 6, 8, 10]),
    policyConfiguration: v.strictObject({
      alertPolicyId: v.string(),
      actionPolicyId: v.string(),
      repeatInterval: v.pipe(v.string(), v.regex(/^\d+[mh]$/)),
    }),
  }),
});
