import { describe, expect, test } from "vitest";

import { readHttpRequest } from "../../../functions/audit/http-request.ts";
import { ConfigError } from "../../../shared/audit/run-error.ts";
import { DEFAULT_CONFIG, resolveConfig } from "../../../shared/config/config.ts";
import { describeConfig } from "../../../shared/config/describe-config.ts";
import { formatDuration, parseDuration } from "../../../shared/config/duration.ts";
import { configFileOf, readEnvironmentLayer } from "../../../shared/config/environment.ts";
import { problemsOfFile, readFileLayer, readLayer } from "../../../shared/config/layer.ts";
import { layerOf } from "../../../shared/entry/run-request.ts";
import { parseEndpoint, problemOfIpv6 } from "../../../shared/http/endpoint.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const URL_WITH_SECRETS = "https://hooks.example.com/path-5c21?token=token-88fe";

function file(values: unknown, env: Record<string, string> = {}) {
  return readFileLayer({ name: "flowlog-guard.yaml", values }, env);
}

describe("the order of defaults, file, environment and flags: a later one wins", () => {
  test("without any configuration the defaults apply: all regions", () => {
    expect(resolveConfig(file(null), readEnvironmentLayer({}))).toEqual(DEFAULT_CONFIG);
    expect(describeConfig(DEFAULT_CONFIG)).toMatchObject({
      regions: ["all"],
      rules: ["flow-log-service-activated"],
      settings: {},
      concurrency: 32,
      timeout: "10s",
      attemptTimeout: "3334ms",
      deadline: "5m",
      exemptions: [],
      alerts: { repeatAfter: "1d", unreadableAfter: 2, receivers: [] },
      state: "none",
      heartbeat: null,
    });
  });

  test("the layers are merged value by value", () => {
    const config = resolveConfig(
      file({ regions: ["cn-a"], timeout: "1s", concurrency: 1 }),
      readEnvironmentLayer({ FLOWLOG_GUARD_REGIONS: "cn-b, cn-*", FLOWLOG_GUARD_TIMEOUT: "2s" }),
      readLayer({ regions: "cn-c" }, ([name]) => `--${name}`),
    );
    expect(config).toMatchObject({ regions: ["cn-c"], timeoutMs: 2_000, concurrency: 1 });
  });

  test.each([
    [{ timeout: "6s" }, "6s", "2s"],
    [{ timeout: "1s" }, "1s", "334ms"],
    [{ timeout: "1ms" }, "1ms", "1ms"],
    [{ attemptTimeout: "7s" }, "10s", "7s"],
    [{ timeout: "3s", attemptTimeout: "3s" }, "3s", "3s"],
  ])("an attempt has a third of the region's time, or its own limit: %j", (values, all, one) => {
    const shown = describeConfig(resolveConfig(file(values)));
    expect(shown).toMatchObject({ timeout: all, attemptTimeout: one });
  });

  test("an attempt that may take longer than its region is an error, also across two sources", () => {
    const problem =
      "attemptTimeout (--attempt-timeout): is 6s, and one attempt cannot take longer than all of them: write at most timeout (--timeout), which is 5s";
    const both = file({ attemptTimeout: "6s", timeout: "5s" });
    expect(() => resolveConfig(both)).toThrow(problem);
    const flags = readLayer({ timeout: "5s" }, ([name]) => `--${name}`);
    expect(() => resolveConfig(file({ attemptTimeout: "6s" }), flags)).toThrow(problem);
  });

  test("the value `unset` keeps the value of the file", () => {
    const receivers = [{ url: URL_WITH_SECRETS, secret: SECRET }];
    const layer = readEnvironmentLayer({
      FLOWLOG_GUARD_REGIONS: "unset",
      FLOWLOG_GUARD_WEBHOOK_URL: "unset",
      FLOWLOG_GUARD_WEBHOOK_SECRET: "unset",
    });
    expect(layer.problems).toEqual([]);
    const config = resolveConfig(file({ regions: ["cn-a"], alerts: { receivers } }), layer);
    expect(config).toMatchObject({ regions: ["cn-a"], alerts: { receivers } });
    expect(readEnvironmentLayer({ FLOWLOG_GUARD_REGION: "unset" }).problems).toHaveLength(1);
    expect(configFileOf({ FLOWLOG_GUARD_CONFIG: "unset" })).toBeUndefined();
  });

  test("every variable sets its value", () => {
    const config = resolveConfig(
      readEnvironmentLayer({
        FLOWLOG_GUARD_REGIONS: "cn-b,!cn-c",
        FLOWLOG_GUARD_RULES: "flow-log-retention, vpc-flow-log-active",
        FLOWLOG_GUARD_CONCURRENCY: "7",
        FLOWLOG_GUARD_TIMEOUT: "500ms",
        FLOWLOG_GUARD_ATTEMPT_TIMEOUT: "250ms",
        FLOWLOG_GUARD_DEADLINE: "2m",
        FLOWLOG_GUARD_WEBHOOK_URL: URL_WITH_SECRETS,
        FLOWLOG_GUARD_WEBHOOK_SECRET: SECRET,
        FLOWLOG_GUARD_VPC_ENDPOINT: "http://127.0.0.1:4010",
        FLOWLOG_GUARD_STS_ENDPOINT: "sts.example.com:8443",
        FLOWLOG_GUARD_FC_ENDPOINT: "https://fc.internal",
        FLOWLOG_GUARD_OSS_ENDPOINT: "https://oss.internal",
        FLOWLOG_GUARD_ECS_ENDPOINT: "https://ecs.internal",
        FLOWLOG_GUARD_SLS_ENDPOINT: "https://sls.internal",
        FLOWLOG_GUARD_STATE: "oss://my-bucket/guard/?region=cn-hangzhou",
        FLOWLOG_GUARD_HEARTBEAT_URL: URL_WITH_SECRETS,
      }),
    );
    expect(config).toEqual({
      ...DEFAULT_CONFIG,
      regions: ["cn-b", "!cn-c"],
      rules: ["vpc-flow-log-active", "flow-log-retention"],
      concurrency: 7,
      timeoutMs: 500,
      attemptTimeoutMs: 250,
      deadlineMs: 120_000,
      alerts: {
        ...DEFAULT_CONFIG.alerts,
        receivers: [{ type: "webhook", url: URL_WITH_SECRETS, secret: SECRET }],
      },
      state: { kind: "oss", bucket: "my-bucket", prefix: "guard/", regionId: "cn-hangzhou" },
      heartbeat: URL_WITH_SECRETS,
      endpoints: {
        ...DEFAULT_CONFIG.endpoints,
        vpc: { "*": { host: "127.0.0.1:4010", protocol: "HTTP" } },
        sts: { host: "sts.example.com:8443", protocol: "HTTPS" },
        fc: { host: "fc.internal", protocol: "HTTPS" },
        oss: { host: "oss.internal", protocol: "HTTPS" },
        ecs: { host: "ecs.internal", protocol: "HTTPS" },
        sls: { host: "sls.internal", protocol: "HTTPS" },
      },
    });
  });

  test("endpoints can be given region by region", () => {
    const { endpoints } = resolveConfig(file({ endpoints: { vpc: { "cn-a": "vpc.internal" } } }));
    expect(endpoints.vpc).toEqual({ "cn-a": { host: "vpc.internal", protocol: "HTTPS" } });
  });

  test("${NAME} is filled in when the program runs", () => {
    const values = {
      alerts: { receivers: [{ url: "${HOOK}", secret: "${KEY}" }] },
      timeout: "${T}s",
    };
    expect(problemsOfFile({ name: "flowlog-guard.yaml", values })).toEqual([]);
    const config = resolveConfig(file(values, { HOOK: URL_WITH_SECRETS, KEY: SECRET, T: "3" }));
    expect(config.alerts.receivers).toEqual([
      { type: "webhook", url: URL_WITH_SECRETS, secret: SECRET },
    ]);
    expect(config.timeoutMs).toBe(3_000);
  });
});

describe("a problem is named by its place", () => {
  test.each<[unknown, string]>([
    [[], "flowlog-guard.yaml: must be a set of keys and values"],
    ["text", "flowlog-guard.yaml: must be a set of keys and values"],
    [{ region: ["cn-a"] }, "flowlog-guard.yaml: region: is not a known key: did you mean regions?"],
    [
      { where: ["cn-a"] },
      "flowlog-guard.yaml: (key 1, not shown): is not a known key: those known here are regions, accounts, organization, fanOut, rules, settings, ",
    ],
    [{ regions: [] }, "flowlog-guard.yaml: regions: is empty"],
    [{ regions: "" }, "flowlog-guard.yaml: regions: is empty"],
    [{ regions: 3 }, "flowlog-guard.yaml: regions: must be a list"],
    [{ regions: ["cn-a", 3] }, "flowlog-guard.yaml: regions[1]: is not a region: write it as text"],
    [{ regions: ["cn-a", "CN-B"] }, 'flowlog-guard.yaml: regions[1]: "CN-B" is not a region'],
    [{ regions: ["!cn-a"] }, "flowlog-guard.yaml: regions: only leaves regions out"],
    [{ concurrency: 0 }, "flowlog-guard.yaml: concurrency: must be a whole number from 1 to 1000"],
    [
      { concurrency: 1.5 },
      "flowlog-guard.yaml: concurrency: must be a whole number from 1 to 1000",
    ],
    [
      { concurrency: "many" },
      "flowlog-guard.yaml: concurrency: must be a whole number from 1 to 1000",
    ],
    [{ timeout: 10 }, "flowlog-guard.yaml: timeout: must be a duration"],
    [{ timeout: "10" }, 'flowlog-guard.yaml: timeout: "10" is not a duration'],
    [{ attemptTimeout: "soon" }, "flowlog-guard.yaml: attemptTimeout: is not a duration"],
    [{ timeout: "0s" }, 'flowlog-guard.yaml: timeout: "0s" is out of range'],
    [{ deadline: "25h" }, 'flowlog-guard.yaml: deadline: "25h" is out of range: from 1ms to 24h'],
    [{ endpoints: { vpc: [] } }, "flowlog-guard.yaml: endpoints.vpc: must be a host, or"],
    [
      { endpoints: { vpc: { "cn-a": "h", "ZZ ZZ": "h" } } },
      "flowlog-guard.yaml: endpoints.vpc.(key 2, not shown): is not a region id",
    ],
    [
      { endpoints: { vpc: { constructor: "h" } } },
      "flowlog-guard.yaml: endpoints.vpc: has constructor, which is not a region id",
    ],
    [{ deadline: "1000d" }, 'flowlog-guard.yaml: deadline: "1000d" is out of range'],
    [{ alerts: { receiver: [] } }, "flowlog-guard.yaml: alerts.receiver: is not a known key"],
    [{ alerts: { receivers: {} } }, "flowlog-guard.yaml: alerts.receivers: must be a list"],
    [{ alerts: { receivers: [{}] } }, "flowlog-guard.yaml: alerts.receivers[0].url: is missing"],
    [
      { alerts: { receivers: [{ url: 3 }] } },
      "flowlog-guard.yaml: alerts.receivers[0].url: must be text",
    ],
    [
      { alerts: { receivers: [{ type: "fax", url: URL_WITH_SECRETS }] } },
      "flowlog-guard.yaml: alerts.receivers[0].type: must be one of webhook, dingtalk",
    ],
    [
      { alerts: { receivers: [{ url: "${UNSET}" }] } },
      "flowlog-guard.yaml: alerts.receivers[0].url: the environment variable UNSET is not set",
    ],
    [
      { endpoints: { vpc: "http://vpc.example.com" } },
      "flowlog-guard.yaml: endpoints.vpc: is not an endpoint",
    ],
    [
      { endpoints: { vpc: { "cn-a": "https://h/path" } } },
      "flowlog-guard.yaml: endpoints.vpc.cn-a: is not an endpoint",
    ],
  ])("%j → %s", (values, problem) => {
    const { problems } = file(values);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test.each<[Record<string, string>, string]>([
    [
      { FLOWLOG_GUARD_REGION: "cn-a" },
      "FLOWLOG_GUARD_REGION: is not a known variable: did you mean FLOWLOG_GUARD_REGIONS?",
    ],
    [
      { FLOWLOG_GUARD_NOTHING: "cn-a" },
      "FLOWLOG_GUARD_NOTHING: is not a known variable: those known are FLOWLOG_GUARD_REGIONS",
    ],
    [{ FLOWLOG_GUARD_REGIONS: "" }, "FLOWLOG_GUARD_REGIONS: is empty"],
    [{ FLOWLOG_GUARD_REGIONS: "cn-a,,cn-b" }, 'FLOWLOG_GUARD_REGIONS: "" is not a region'],
    [{ FLOWLOG_GUARD_WEBHOOK_URL: "" }, "FLOWLOG_GUARD_WEBHOOK_URL: is not an address"],
    [
      { FLOWLOG_GUARD_WEBHOOK_SECRET: SECRET },
      "FLOWLOG_GUARD_WEBHOOK_SECRET: signs what goes to FLOWLOG_GUARD_WEBHOOK_URL, which is not set",
    ],
    [{ FLOWLOG_GUARD_CONCURRENCY: "-1" }, "FLOWLOG_GUARD_CONCURRENCY: must be a whole number"],
    [{ FLOWLOG_GUARD_VPC_ENDPOINT: "a b" }, 'FLOWLOG_GUARD_VPC_ENDPOINT: "a b" is not an endpoint'],
    [{ FLOWLOG_GUARD_STS_ENDPOINT: "ftp://x" }, "FLOWLOG_GUARD_STS_ENDPOINT: is not an endpoint"],
  ])("%j → %s", (env, problem) => {
    expect(readEnvironmentLayer(env).problems).toEqual([expect.stringContaining(problem)]);
  });

  test("all problems are in one error", () => {
    const resolve = () =>
      resolveConfig(
        file({ regions: [], timeout: "x", unknown: 1 }),
        readEnvironmentLayer({ FLOWLOG_GUARD_CONCURRENCY: "x" }),
      );
    expect(resolve).toThrow(ConfigError);
    expect(resolve).toThrow(/^4 problems:(\n {2}- .+){4}$/);
  });

  test("a build finds the problems that do not depend on the environment", () => {
    const values = { regions: ["${REGION}", "CN-B"], alerts: { receivers: [{ url: "${HOOK}" }] } };
    expect(problemsOfFile({ name: "f.yaml", values })).toEqual([
      expect.stringContaining('f.yaml: regions[1]: "CN-B" is not a region'),
    ]);
  });
});

describe("a list of regions that is too long", () => {
  const tooLong = Array.from({ length: 101 }, () => "ap-*");
  const says = "regions: is too long: at most 20000 entries, and among them at most 100";

  test("is refused wherever it is written", () => {
    expect(file({ regions: tooLong }).problems).toEqual([expect.stringContaining(says)]);
    expect(readEnvironmentLayer({ FLOWLOG_GUARD_REGIONS: tooLong.join() }).problems[0]).toContain(
      "FLOWLOG_GUARD_REGIONS: is too long",
    );
    expect(layerOf({ regions: tooLong }, "event").problems[0]).toContain(`event.${says}`);
    const request = {
      requestContext: { http: { method: "GET" } },
      queryParameters: { regions: tooLong.join() },
    };
    expect(() => readHttpRequest(request)).toThrow(`query.${says}`);
  });

  test("is not searched for problems; of a shorter one, twenty are named", () => {
    const ids = Array.from({ length: 20_001 }, () => "CN-B");
    expect(file({ regions: ids }).problems).toHaveLength(1);
    const { problems } = file({ regions: ids.slice(1) });
    expect(problems).toHaveLength(21);
    expect(problems[20]).toContain("regions: 19980 more entries are not regions");
  });
});

describe("a webhook's address", () => {
  test.each([
    "https://hooks.example.com/a?b=c",
    "https://10.0.0.7/hook",
    "https://gateway.internal:8443/x",
    "http://127.0.0.1:4000/x",
    "http://localhost:4000/x",
    "http://[::1]:4000/x",
  ])("%s is accepted", (url) => {
    expect(readEnvironmentLayer({ FLOWLOG_GUARD_WEBHOOK_URL: url }).problems).toEqual([]);
  });

  test.each([
    ["http://hooks.example.com/s3cret", "in clear to hooks.example.com"],
    ["http://127.0.0.1.example.com/s3cret", "in clear to 127.0.0.1.example.com"],
    ["https://user:s3cret@hooks.example.com/", "a user name or password"],
    ["ftp://hooks.example.com/s3cret", "is not an https address"],
    ["hooks.example.com/s3cret", "is not an address"],
    ["s3cret", "is not an address"],
  ])("%s is refused, and the message does not contain it", (url, problem) => {
    const { problems } = readEnvironmentLayer({ FLOWLOG_GUARD_WEBHOOK_URL: url });
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join("\n")).not.toContain("s3cret");
  });

  test.each([["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], ["whsec_"], ["whsec_$$$"], ["whsec_c2hvcnQ="]])(
    "the secret %s is refused, and the message does not contain it",
    (secret) => {
      const env = {
        FLOWLOG_GUARD_WEBHOOK_URL: URL_WITH_SECRETS,
        FLOWLOG_GUARD_WEBHOOK_SECRET: secret,
      };
      const { problems } = readEnvironmentLayer(env);
      expect(problems).toEqual([
        expect.stringMatching(/^FLOWLOG_GUARD_WEBHOOK_SECRET: is (not|too short)/),
      ]);
      expect(problems.join("\n").replace('"whsec_"', "")).not.toContain(secret);
    },
  );
});

test.each([
  "https://hooks.example.com/s3cret",
  "s3cretLTAI5tQ1w2e3r4t5y6u7i8",
  "x".repeat(100_000),
  "MfKQ9r8GKYqr",
  "hunter2hunter2",
  "correct-horse-battery",
  "LTAI5tQ1",
])("an unknown key that may be a secret is not shown: %.40s", (key) => {
  const { problems } = file({ [key]: 1 });
  expect(problems).toEqual([
    expect.stringMatching(/^flowlog-guard\.yaml: \(key 1, not shown\): is not a known key/),
  ]);
});

test("a variable that is not set hides no other problem", () => {
  const { problems } = file({ regions: ["CN-B"], alerts: { receivers: [{ url: "${UNSET}" }] } });
  expect(problems).toEqual([
    expect.stringContaining("UNSET is not set"),
    expect.stringContaining('"CN-B" is not a region'),
  ]);
});

test.each(["${}", "${1A}", "${A-b}", "${A", "x${"])("%j is not a placeholder", (url) => {
  const { problems } = file({ alerts: { receivers: [{ url: `https://h/${url}` }] } });
  expect(problems[0]).toContain('alerts.receivers[0].url: holds a "${"');
});

test("no message contains a misplaced value that may be an address or a key", () => {
  const keySecret = "Q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5";
  const misplaced = {
    regions: [URL_WITH_SECRETS, keySecret],
    timeout: SECRET,
    deadline: keySecret,
  };
  const shown = file(misplaced).problems.join("\n");
  expect(shown).toContain("regions[0]");
  for (const secret of ["path-5c21", "token-88fe", SECRET, keySecret])
    expect(shown).not.toContain(secret);
});

test("the configuration is shown with its secrets masked", () => {
  const config = resolveConfig(
    file({ alerts: { receivers: [{ url: URL_WITH_SECRETS, secret: SECRET }] }, timeout: "1500ms" }),
  );
  const shown = describeConfig(config);
  expect(shown).toMatchObject({
    timeout: "1500ms",
    deadline: "5m",
    alerts: {
      receivers: [{ type: "webhook", url: "https://hooks.example.com/***", secret: "***" }],
    },
  });
});

test.each([
  ["500ms", 500],
  ["10s", 10_000],
  ["1.5s", 1_500],
  ["5m", 300_000],
  ["24h", 86_400_000],
  ["7d", 604_800_000],
  ["10", null],
  ["-1s", null],
  ["1 s", null],
  ["s", null],
  ["1e3s", null],
])("the duration %s is %s ms", (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each([
  [500, "500ms"],
  [1_500, "1500ms"],
  [10_000, "10s"],
  [300_000, "5m"],
  [86_400_000, "1d"],
])("%i ms is written %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

test.each([
  "https://h/path",
  "https://u@h",
  "https://h?x",
  "h/path",
  "",
  "http://h",
  "a b",
  "ftp://h",
])("%j is not an endpoint", (text) => {
  expect(parseEndpoint(text)).toBeNull();
});

describe("an IPv6 address", () => {
  const says = "is an IPv6 address without brackets: write [::1], or [::1]:8080 with a port";
  const bare = [
    "::1",
    "::1:8080",
    "fe80::1",
    "fe80::1%eth0",
    "2001:db8:0:0:0:0:0:1",
    "2001:db8:0:0:0:0:0:1:8443",
    "::ffff:127.0.0.1",
    "https://::1",
    "http://::1:8080",
    "https://2001:db8::1",
  ];

  test.each(bare)("without brackets is refused, and the message shows them: %s", (host) => {
    expect(parseEndpoint(host)).toBeNull();
    for (const endpoints of [{ vpc: host }, { vpc: { "cn-a": host } }, { oss: host }]) {
      expect(file({ endpoints }).problems).toEqual([expect.stringContaining(says)]);
    }
    for (const name of ["VPC", "STS", "FC", "OSS"]) {
      const variable = `FLOWLOG_GUARD_${name}_ENDPOINT`;
      const { problems } = readEnvironmentLayer({ [variable]: host });
      expect(problems).toEqual([expect.stringContaining(says)]);
    }
  });

  test.each(bare)(
    "without brackets is refused in an address too, which is not shown: %s",
    (host) => {
      const address = `${host.includes("://") ? host : `https://${host}`}/s3cret`;
      const env = { FLOWLOG_GUARD_WEBHOOK_URL: address, FLOWLOG_GUARD_HEARTBEAT_URL: address };
      const { problems } = readEnvironmentLayer(env);
      expect(problems).toHaveLength(2);
      for (const problem of problems) expect(problem).toContain(`: ${says} (value not shown)`);
    },
  );

  test.each([
    ["[::1]", "[::1]", "HTTPS"],
    ["[::1]:8080", "[::1]:8080", "HTTPS"],
    ["http://[::1]:8080", "[::1]:8080", "HTTP"],
    ["https://[2001:db8:0::1]:8443", "[2001:db8::1]:8443", "HTTPS"],
  ])("in brackets is accepted: %s", (text, host, protocol) => {
    expect(parseEndpoint(text)).toEqual({ host, protocol });
  });

  test.each(["vpc.example.com:8443", "cafe:80", "h/a::b", "127.0.0.1:80", "a b"])(
    "is not %s",
    (text) => expect(problemOfIpv6(text)).toBeNull(),
  );
});

describe("alerts over time", () => {
  const agreed = { region: "cn-a", owner: "net-team", reason: "NET-42", expires: "2027-03-31" };

  test("intervals, exemptions and the state are read from the file, and printed", () => {
    const config = resolveConfig(
      file({
        exemptions: [
          agreed,
          { ...agreed, region: "ap-*", account: "1234567890123456" },
          { ...agreed, rule: "vpc-*", resource: "vpc-bp1*" },
        ],
        alerts: { repeatAfter: "12h", unreadableAfter: 3, summaryEvery: "7d" },
        state: "file:./state.json",
        heartbeat: "https://hc.example.com/ping-5c21",
      }),
    );
    expect(config).toMatchObject({
      exemptions: [
        {
          ...agreed,
          account: "*",
          rule: "flow-log-service-activated",
          resource: "*",
          warnsFrom: "2027-03-24",
        },
        { region: "ap-*", account: "1234567890123456" },
        { region: "cn-a", account: "*", rule: "vpc-*", resource: "vpc-bp1*" },
      ],
      alerts: { repeatAfterMs: 12 * 3_600_000, unreadableAfter: 3, summaryEveryMs: 7 * 86_400_000 },
      state: { kind: "file", path: "./state.json" },
    });
    const shown = describeConfig(config);
    expect(shown).toMatchObject({
      exemptions: [
        { ...agreed, account: "*", rule: DEFAULT_RULES[0]?.id, resource: "*" },
        {},
        { rule: "vpc-*", resource: "vpc-bp1*" },
      ],
      alerts: { repeatAfter: "12h", unreadableAfter: 3, summaryEvery: "7d" },
      state: "file:./state.json",
      heartbeat: "https://hc.example.com/***",
    });
    expect(JSON.stringify(shown)).not.toContain("5c21");
  });

  test("a summary needs a state, whichever source sets it", () => {
    const summary = file({ alerts: { summaryEvery: "7d" } });
    expect(() => resolveConfig(summary)).toThrow("alerts.summaryEvery: needs a state");
    const state = readEnvironmentLayer({ FLOWLOG_GUARD_STATE: "file:./state.json" });
    expect(resolveConfig(summary, state).alerts.summaryEveryMs).toBe(7 * 86_400_000);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ owner: undefined }, "exemptions[0].owner: is missing"],
    [{ rule: "all" }, "exemptions[0].rule: is not a rule: use an id such as"],
    [{ rule: "Activated" }, "exemptions[0].rule: is not a rule"],
    [{ rule: 7 }, "exemptions[0].rule: must be text"],
    [{ resource: "" }, "exemptions[0].resource: is not a resource: use an id such as vpc-"],
    [{ resource: "vpc 1" }, "exemptions[0].resource: is not a resource"],
    [{ resource: ["vpc-1"] }, "exemptions[0].resource: must be text"],
    [{ owner: " " }, "exemptions[0].owner: is empty"],
    [{ reason: undefined }, "exemptions[0].reason: is missing"],
    [{ reason: "x".repeat(201) }, "exemptions[0].reason: is longer than 200 characters"],
    [{ reason: "a\u202eb" }, "exemptions[0].reason: holds characters that cannot be seen"],
    [{ expires: undefined }, "exemptions[0].expires: is missing"],
    [{ expires: "2027-02-30" }, "exemptions[0].expires: is not a day of the calendar"],
    [{ expires: "31.3.2027" }, "exemptions[0].expires: is not a day of the calendar"],
    [{ expires: "never" }, "exemptions[0].expires: is not a day of the calendar"],
    [{ region: undefined }, "exemptions[0].region: is missing"],
    [{ region: "!cn-a" }, "exemptions[0].region: is not a region"],
    [{ region: "all" }, "exemptions[0].region: is not a region"],
    [{ region: "CN-A" }, "exemptions[0].region: is not a region"],
    [{ account: 1_234 }, "exemptions[0].account: must be text: put the id in quotes"],
    [{ account: "prod" }, "exemptions[0].account: is not the id of an account"],
    [{ until: "2027-03-31" }, "exemptions[0].(key 5, not shown): is not a known key"],
    [{ expire: "2027-03-31" }, "exemptions[0].expire: is not a known key"],
  ])("an exemption with %j is an error", (change, problem) => {
    // JSON leaves out a key that is undefined.
    const exemption = JSON.parse(JSON.stringify({ ...agreed, ...change }));
    const problems = problemsOfFile({
      name: "flowlog-guard.yaml",
      values: { exemptions: [exemption] },
    });
    expect(problems).toEqual([expect.stringContaining(`flowlog-guard.yaml: ${problem}`)]);
  });

  test.each<[unknown, string]>([
    [{ exemptions: {} }, "exemptions: must be a list"],
    [
      { alerts: { repeatAfter: "5s" } },
      'alerts.repeatAfter: "5s" is out of range: from 1m to 365d',
    ],
    [{ alerts: { repeatAfter: 24 } }, "alerts.repeatAfter: must be a duration"],
    [{ alerts: { unreadableAfter: 0 } }, "alerts.unreadableAfter: must be a whole number from 1"],
    [{ alerts: { blindAfter: 2 } }, "alerts.blindAfter: is now called unreadableAfter: rename it"],
    [{ alerts: { summaryEvery: "weekly" } }, "alerts.summaryEvery: is not a duration"],
    [{ state: "s3://bucket/" }, "state: is not where a state can be kept"],
    [{ state: "oss://B/" }, "state: names no bucket"],
    [{ heartbeat: "hc.example.com/s3cret" }, "heartbeat: is not an address"],
    [{ heartbeat: "http://hc.example.com/s3cret" }, "heartbeat: would send what it says in clear"],
  ])("%j is an error", (values, problem) => {
    const problems = problemsOfFile({ name: "flowlog-guard.yaml", values });
    expect(problems).toEqual([expect.stringContaining(`flowlog-guard.yaml: ${problem}`)]);
    expect(problems.join()).not.toContain("s3cret");
  });
});

describe("the proxy of the environment", () => {
  const env = {
    https_proxy: "http://alice:pa55word@proxy.example:3128",
    NO_PROXY: "corp.example,10.0.0.0/8",
  };

  test("is shown with the hosts that bypass it, and without user and password", () => {
    const config = resolveConfig(file(null), readEnvironmentLayer(env));
    expect(config.proxy).toMatchObject({ hostname: "proxy.example", port: 3_128 });
    const shown = describeConfig(config);
    expect(shown).toMatchObject({
      proxy: {
        address: "http://***@proxy.example:3128",
        from: "https_proxy",
        noProxy: ["corp.example", "10.0.0.0/8"],
      },
    });
    const { authorization } = config.proxy ?? {};
    const secrets = ["alice", "pa55word", String(authorization)];
    for (const secret of secrets) expect(JSON.stringify(shown)).not.toContain(secret);
    expect(describeConfig(DEFAULT_CONFIG)).toMatchObject({ proxy: null });
  });

  test("is an error beside all others where it cannot be used", () => {
    const layer = readEnvironmentLayer({
      HTTPS_PROXY: "socks5://alice:pa55word@proxy.example:1080",
      FLOWLOG_GUARD_TIMEOUT: "soon",
    });
    expect(layer.problems).toEqual([
      expect.stringMatching(/^FLOWLOG_GUARD_TIMEOUT: /),
      expect.stringMatching(/^HTTPS_PROXY: socks5:\/\/ is not supported/),
    ]);
    expect(layer.problems.join()).not.toMatch(/pa55word|alice/);
  });
});
