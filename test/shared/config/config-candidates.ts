import { Ajv, type ValidateFunction } from "ajv";

import { readFileLayer } from "../../../shared/config/layer.ts";
import { RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import type { Environment } from "../../../shared/program/environment.ts";

/** Compiles a schema in Ajv's strict mode, in which an unknown keyword is an error. */
export function compile(schema: object): ValidateFunction {
  return new Ajv({ strict: true }).compile(schema);
}

/** Whether the program accepts a file, in one of these environments. */
export function isAccepted(values: unknown): boolean {
  const environments = JSON.stringify(values).includes("${") ? ENVIRONMENTS : [{}];
  return environments.some((env) => problemsIn(values, env).length === 0);
}

function problemsIn(values: unknown, env: Environment): readonly string[] {
  return readFileLayer({ name: "f.yaml", values }, env).problems;
}

/** Each has one text for every name in the candidates below. */
const ENVIRONMENTS: readonly Environment[] = [
  "https://hooks.example.com/x",
  "cn-a",
  "cn-a,cn-b",
  "1234567890123456",
  "7",
  "10s",
  "fd-a",
  "true",
  "en",
  "webhook",
  "all",
  "vpc-*",
  "flow-log-retention",
  "All",
  "high",
  "file:./x",
  "my-bucket",
  "vpc.internal",
  "2027-03-31",
  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
].map((text) => new Proxy({}, { get: () => text }));

/** Values with one at a path. */
export function at(path: readonly (string | number)[], value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, key) => (typeof key === "number" ? [inner] : { [key]: inner }),
    value,
  );
}

export const RECEIVER = { url: "https://hooks.example.com/x" };
const EXEMPTION = { region: "cn-a", owner: "net", reason: "NET-42", expires: "2027-03-31" };
const DURATIONS = [
  "10s",
  "500ms",
  "1.5h",
  " 5m ",
  "7d",
  "10",
  "10 s",
  "5 min",
  "${T}s",
  "1h30m",
  "",
];
const REGION_LISTS: unknown[] = [
  "all",
  ["all"],
  ["cn-hangzhou", "ap-*"],
  "cn-hangzhou, ap-*",
  ["!cn-a"],
  "!cn-a",
  "!cn-a,all",
  ["${REGION}"],
  "${REGIONS}",
  ["!${REGION}"],
  "cn-a,!${REGION}",
  "",
  [],
  ["CN-A"],
  "a-b,",
  [3],
  ["all", "!all"],
  ["*"],
  ["!*", "all"],
  ["cn-a*b-1"],
  ["cn_a"],
  ["a".repeat(64)],
  [`cn-${"a".repeat(61)}`],
  [`!cn-${"a".repeat(61)}`, "all"],
  [`cn-${"a".repeat(62)}`],
];
const ACCOUNT_LISTS: unknown[] = [
  ["prod-*", "!1234567890123456"],
  "prod-*,!lab",
  ["产品"],
  "a b",
  [" a"],
  ["!x"],
  [],
  "",
  [1],
  ["${A}"],
  "!x,${A}",
  ["a\u200bb"],
  ["x".repeat(128)],
  [`!${"x".repeat(128)}`, "*"],
  ["x".repeat(129)],
];
const NAMED_TEXTS: unknown[] = [
  {},
  { "X-Scope-OrgID": "ops" },
  { "X-A": "${TOKEN}" },
  { host: "x" },
  { "Content-Type": "x" },
  { "a b": "x" },
  { team: "net" },
  { severity: "x" },
  { "9x": "a" },
  { __x: "a" },
  { a: "" },
  { a: 1 },
  { a: " x" },
  { a: "网络" },
  [],
  "x",
  { Authorization: "x" },
];

/**
 * Candidates of values for the keys of a file, right and wrong ones. The paths are those of `DESCRIPTIONS`; a
 * number is a place in a list.
 */
export const CANDIDATES: readonly (readonly [
  path: readonly (string | number)[],
  values: readonly unknown[],
  beside?: object,
])[] = [
  [["regions"], REGION_LISTS],
  [
    ["accounts", 0, "id"],
    ["1234567890123456", "${ID}", "x", "", 1234567890123456, "1".repeat(33)],
  ],
  ...(
    [
      [
        "name",
        ["prod", "产品 一", "a*", "!a", "a,b", "123", "", " a", "${N}", "!${N}", "x".repeat(128)],
      ],
      ["roleName", ["flowlog-guard", "acs:ram::1:role/x", "", "a".repeat(65), "${R}"]],
      ["externalId", ["ab", "a", "a b", "a/b:c@d", "${E}", "x${E}"]],
      ["regions", REGION_LISTS],
    ] as const
  ).map(([key, values]) => [["accounts", 0, key], values, { id: "1234567890123456" }] as const),
  [["accounts"], [[], "prod", ["prod"], null, {}]],
  [
    ["organization", "roleName"],
    ["audit", "a b", "${R}", null],
  ],
  [
    ["organization", "externalId"],
    ["ab", "a", 12, "${E}"],
  ],
  [["organization", "accounts"], ACCOUNT_LISTS],
  [
    ["organization", "folders"],
    [["fd-abc123"], "fd-abc,!fd-x", ["r-1"], ["!fd-x"], "x", [], ["${F}"], "fd-a,"],
  ],
  [
    ["fanOut", "parts"],
    [1, 64, 65, 0, "3", "${N}", 1.5, "03", "-1", "1.0", 1.0],
  ],
  [
    ["fanOut", "function"],
    ["audit", "9x", "_x", "${F}-audit", "a b"],
  ],
  [
    ["rules"],
    [
      "all",
      ["all"],
      ["flow-log-retention"],
      "flow-log-retention, all",
      [],
      "",
      ["vpc-*"],
      ["flow-log-retentoin"],
      ["${R}"],
      "${R}",
      [1],
    ],
  ],
  [
    ["settings"],
    [
      {},
      { "flow-log-retention": {} },
      { "flow-log-retention": { minDays: "90" } },
      { "flow-log-retention": { minDays: 0 } },
      { "vpc-flow-log-complete": { trafficType: "Drop" } },
      { "vpc-flow-log-complete": { trafficType: "drop" } },
      { "vpc-flow-log-complete": { trafficType: "${T}" } },
      { retention: {} },
    ],
  ],
  [["concurrency"], [1, 1000, 1001, "7", "seven", true, "${C}", 2.5]],
  [["timeout"], DURATIONS],
  [["attemptTimeout"], DURATIONS],
  [["deadline"], DURATIONS],
  ...(
    [
      ["region", ["cn-a", "ap-*", "all", "!cn-a", "CN", "${R}", "!${R}", "*"]],
      ["account", ["*", "123", "prod", 123, "${A}"]],
      ["rule", ["*", "vpc-*", "all", "Vpc", "${R}", "x".repeat(65)]],
      ["resource", ["*", "vpc-1", "a b", "", "${R}"]],
      [
        "owner",
        [
          "net-team",
          "网络组",
          "",
          " ",
          "a\nb",
          "line\n",
          "\n a \n",
          "x".repeat(200),
          "x".repeat(201),
          "${O}",
        ],
      ],
      ["reason", ["why", "", "a\u202eb"]],
      ["expires", ["2027-03-31", "2027-02-30", "31.3.2027", "never", "${DAY}", 2027]],
    ] as const
  ).map(([key, values]) => [["exemptions", 0, key], values, EXEMPTION] as const),
  [["alerts", "repeatAfter"], DURATIONS],
  [["alerts", "summaryEvery"], DURATIONS],
  [
    ["alerts", "unreadableAfter"],
    [1, 2, 0, "3", "${N}"],
  ],
  ...[
    RECEIVER,
    { url: "${HOOK}" },
    { url: "https://oapi.dingtalk.com/robot/send?access_token=x" },
    { url: "https://oapi.dingtalk.com." },
    { url: "https://open.larksuite.com/open-apis/bot/v2/hook/x" },
    { url: "https://hooks.slack-gov.com/services/x" },
    { url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x" },
    { url: "https://prod-1.westus.logic.azure.com:443/workflows/x" },
    { url: "https://x.environment.api.powerplatform.com/x" },
    { url: "HTTPS://OAPI.DINGTALK.COM/robot" },
    { url: "http://127.0.0.1:4000/x" },
    ...RECEIVER_TYPES.map((type) => ({ type, url: "https://gateway.example.com/$x" })),
  ].flatMap((receiver) =>
    (
      [
        ["type", [...RECEIVER_TYPES, "fax", "${TYPE}", 1]],
        [
          "url",
          [
            "https://x.example",
            "ftp://x",
            "x",
            "",
            " https://x.example ",
            "ht\ntps://x",
            "${U}",
            "http://h.example/x",
            3,
          ],
        ],
        ["name", ["security-channel", "a b", "", "x".repeat(33), "${N}"]],
        [
          "secret",
          [
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "SEC1",
            "a b",
            "",
            ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            ["${S}", "${T}"],
            [],
            "${S}",
            1,
          ],
        ],
        ["language", ["zh", "en", "de", "${L}"]],
        ["keyword", ["[guard]", " a", "关键词", "a\nb", "x".repeat(41), "${K}"]],
        [
          "mentions",
          [
            {},
            { everyone: true },
            { everyone: "yes" },
            { userIds: ["ou_1"] },
            { userIds: ["a b"] },
            { mobiles: ["13800138000"] },
            { mobiles: [13800138000] },
            { mobile: [] },
            { userIds: ["${U}"] },
          ],
        ],
        ["validFor", ["4h", "1s", "x", "${V}"]],
        ["headers", NAMED_TEXTS],
        ["labels", NAMED_TEXTS],
        [
          "basicAuth",
          [
            { username: "a", password: "b" },
            { username: "a:b", password: "b" },
            { username: "${U}", password: "${P}" },
            { username: "a" },
            {},
          ],
        ],
        ["bearerToken", ["abc.def", "Bearer x", "", "${T}"]],
        ["insecure", [true, "true", "${I}", "yes", 1]],
        [
          "only",
          [
            {},
            { severity: ["high"] },
            { severity: [] },
            { severity: ["High"] },
            { rules: ["vpc-*"] },
            { rules: ["!vpc-*"] },
            { rules: ["${R}"] },
            { rules: ["flow-log-retention", "!vpc-flow-log-active"] },
            { rules: ["nope"] },
            { rules: "vpc-*" },
            { accounts: ["prod-*"] },
            { regions: "cn-*" },
            { region: [] },
          ],
        ],
      ] as const
    ).map(([key, values]) => [["alerts", "receivers", 0, key], values, receiver] as const),
  ),
  [
    ["alerts", "receivers", 0],
    [
      { ...RECEIVER, basicAuth: { username: "a", password: "b" }, bearerToken: "x" },
      { ...RECEIVER, headers: { AUTHORIZATION: "x" }, bearerToken: "x" },
      { ...RECEIVER, headers: { "X-A": "x" }, bearerToken: "x" },
      {},
    ],
  ],
  [
    ["state"],
    [
      "none",
      "file:./state.json",
      "file:state",
      "file:///var/state",
      "file:~/x",
      "file:.",
      "file:a/..",
      "file:a/",
      "oss://my-bucket/a/b/?region=cn-hangzhou",
      "oss://my-bucket",
      "oss://my-bucket/?",
      "oss://B/",
      "oss://my-bucket/a b",
      "s3://x",
      "${S}",
      "oss://${B}/x",
      "oss://my-bucket?region=cn-a",
    ],
  ],
  [
    ["evidence"],
    [
      "none",
      "file:./evidence/",
      "file:.",
      "file:~/x",
      "file:a?b",
      "oss://my-bucket/evidence/",
      "${E}",
    ],
  ],
  [["actiontrail"], [true, false, "true", "yes", "${A}"]],
  [
    ["heartbeat"],
    [
      "https://hc.example.com/x",
      "hc.example.com",
      "${H}",
      " https://hc.example.com",
      "http://localhost:1/x",
    ],
  ],
  [
    ["endpoints", "vpc"],
    [
      "vpc.internal",
      "http://127.0.0.1:4010",
      { "cn-a": "vpc.internal" },
      { "ZZ ZZ": "h" },
      { "cn-a": "https://h/path" },
      {},
      [],
      "${V}",
      { "cn-a": "${V}" },
    ],
  ],
  ...["sts", "fc", "oss", "ecs", "sls", "resourceDirectory", "cloudConfig", "actionTrail"].map(
    (service) =>
      [
        ["endpoints", service],
        [
          "h",
          "h:8443",
          "https://h",
          "https://h/",
          "h/.",
          "h\\",
          "https:/h",
          "HTTPS://h",
          "a b",
          "https://h/p",
          "ftp://x",
          "[::1]:8080",
          "::1",
          "${E}",
          1,
        ],
      ] as const,
  ),
];

/** A file with one of the candidates. */
export const WRITTEN = CANDIDATES.flatMap(([path, values, beside]) =>
  values.map((value) => {
    const parent = path.slice(0, -1);
    const own =
      beside === undefined
        ? at(path, value)
        : at(parent, { ...beside, [String(path.at(-1))]: value });
    return own;
  }),
);

/** The dotted paths of all keys that a form has in `properties`. */
export function keysOfForm(form: unknown, path: readonly string[] = []): string[] {
  const { properties = {}, items } = Object(form);
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => [
      [...path, key].join("."),
      ...keysOfForm(inner, [...path, key]),
    ]),
    ...(items === undefined ? [] : keysOfForm(items, path)),
  ];
}
