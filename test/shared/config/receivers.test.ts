import { describe, expect, test } from "vitest";

import { resolveConfig } from "../../../shared/config/config.ts";
import { describeConfig } from "../../../shared/config/describe-config.ts";
import { readEnvironmentLayer } from "../../../shared/config/environment.ts";
import { problemsOfFile, readFileLayer } from "../../../shared/config/layer.ts";
import { inferReceiverType } from "../../../shared/notify/receiver-address.ts";
import { problemOfReceiverName, receiverName } from "../../../shared/notify/receiver-options.ts";
import { RECEIVER_TYPES, RECEIVERS, receiverLanguage } from "../../../shared/notify/receivers.ts";

const WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=s3cret";
const FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/s3cret";
const LARK = "https://open.larksuite.com/open-apis/bot/v2/hook/s3cret";
const WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=s3cret";
const SLACK = "https://hooks.slack.com/services/T0/B0/s3cret";
const TEAMS = "https://prod-1.westeurope.logic.azure.com:443/workflows/s3cret?sig=s3cret";
const BASIC = { username: "guard", password: "s3cret" };
const whsec = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 1).toString("base64")}`;
const GATEWAY = "https://gateway.example.com/s3cret";

function layerOf(...receivers: unknown[]) {
  return readFileLayer({ name: "f.yaml", values: { alerts: { receivers } } }, {});
}

function optionsOf(receiver: unknown) {
  const [options] = resolveConfig(layerOf(receiver)).alerts.receivers;
  if (options === undefined) throw new Error("there is a receiver");
  return options;
}

describe("the type of a receiver", () => {
  test.each([
    [DINGTALK, "dingtalk", "zh"],
    [FEISHU, "feishu", "zh"],
    [LARK, "feishu", "en"],
    [WECOM, "wecom", "zh"],
    [SLACK, "slack", "en"],
    ["https://hooks.slack-gov.com/services/T0/B0/s3cret", "slack", "en"],
    ["https://HOOKS.SLACK.COM./services/T0/B0/s3cret", "slack", "en"],
    [TEAMS, "teams", "en"],
    ["https://default1.2.environment.api.powerplatform.com/s3cret", "teams", "en"],
    ["https://open.larkoffice.com/open-apis/bot/v2/hook/s3cret", "feishu", "en"],
    ["https://prod-1.usgovtexas.logic.azure.us:443/workflows/s3cret?sig=s3cret", "teams", "en"],
    ["https://prod-1.chinanorth3.logic.azure.cn:443/workflows/s3cret?sig=s3cret", "teams", "en"],
    ["https://default1.2.environment.api.powerplatform.us/s3cret", "teams", "en"],
    ["https://default1.2.environment.api.gov.powerplatform.microsoft.us/s3cret", "teams", "en"],
    ["https://default1.2.environment.api.high.powerplatform.microsoft.us/s3cret", "teams", "en"],
    [GATEWAY, "webhook", "en"],
    ["https://logic.azure.us.example.com/s3cret", "webhook", "en"],
    ["https://oapi.dingtalk.com.example.com/s3cret", "webhook", "en"],
  ])("is inferred from the host: %s → %s", (url, type, language) => {
    expect(optionsOf({ url })).toEqual({ type, url });
    expect(receiverLanguage(optionsOf({ url }))).toBe(language);
    const layer = readEnvironmentLayer({ FLOWLOG_GUARD_WEBHOOK_URL: url });
    expect(resolveConfig(layer).alerts.receivers).toEqual([{ type, url }]);
  });

  test("is that of a generic webhook where there is no host", () => {
    expect(inferReceiverType("nonsense")).toBe("webhook");
  });

  test("decides the language, unless one is configured", () => {
    expect(receiverLanguage(optionsOf({ url: DINGTALK, language: "en" }))).toBe("en");
    expect(receiverLanguage(optionsOf({ url: LARK, language: "zh" }))).toBe("zh");
    expect(receiverLanguage(optionsOf({ url: SLACK, language: "zh" }))).toBe("zh");
  });

  test.each(RECEIVER_TYPES)("may be configured for the user's own host: %s", (type) => {
    for (const url of [GATEWAY, "http://127.0.0.1:4000/x", "http://[::1]:4000/x"]) {
      expect(optionsOf({ type, url })).toEqual({ type, url });
    }
  });
});

test("every option of a receiver is read", () => {
  const common = { name: "on-call", language: "en", keyword: "flow logs" } as const;
  const mentions = { mobiles: ["+86-13800000000"], userIds: ["a.b@c_d-1"], everyone: true };
  const secret = "SEC0123456789";
  expect(optionsOf({ url: DINGTALK, secret, mentions, ...common })).toEqual({
    type: "dingtalk",
    url: DINGTALK,
    secret,
    mentions,
    ...common,
  });
  expect(optionsOf({ type: "alertmanager", url: GATEWAY, validFor: "3d" })).toEqual({
    type: "alertmanager",
    url: GATEWAY,
    validForMs: 259_200_000,
  });
});

describe("the user's own server", () => {
  const url = "http://alertmanager.monitoring:9093";
  const given = {
    headers: { "X-Scope-OrgID": "s3cret" },
    basicAuth: BASIC,
    labels: { cluster: "s3cret" },
  };

  test("accepts authentication, headers and labels, and plain http", () => {
    const options = { type: "alertmanager", url, ...given };
    expect(optionsOf({ ...options, insecure: true })).toEqual({ ...options, insecure: true });
    expect(optionsOf({ url, insecure: "true", bearerToken: "s3cret" })).toEqual({
      type: "webhook",
      url,
      insecure: true,
      bearerToken: "s3cret",
    });
    const secret = [whsec(24), whsec(64)];
    expect(optionsOf({ url: GATEWAY, secret })).toEqual({ type: "webhook", url: GATEWAY, secret });
  });

  test("gets all of them from the environment", () => {
    const values = {
      alerts: {
        receivers: [
          {
            type: "alertmanager",
            url: "${URL}",
            headers: { "X-Scope-OrgID": "${A}" },
            basicAuth: { username: "${A}", password: "${A}" },
            labels: { cluster: "${A}" },
            insecure: "${INSECURE}",
          },
          { url: GATEWAY, bearerToken: "${A}", secret: ["${SECRET}", "${SECRET}"] },
        ],
      },
    };
    expect(problemsOfFile({ name: "f.yaml", values })).toEqual([]);
    const env = { URL: url, A: "s3cret", INSECURE: "true", SECRET: WHSEC };
    expect(resolveConfig(readFileLayer({ name: "f.yaml", values }, env)).alerts.receivers).toEqual([
      {
        type: "alertmanager",
        url,
        ...given,
        basicAuth: { username: "s3cret", password: "s3cret" },
        insecure: true,
      },
      { type: "webhook", url: GATEWAY, bearerToken: "s3cret", secret: [WHSEC, WHSEC] },
    ]);
  });

  test("is described with all of them masked", () => {
    const layer = layerOf(
      { type: "alertmanager", url, name: "am", insecure: true, ...given },
      { url: GATEWAY, name: "hook", bearerToken: "s3cret", secret: [WHSEC, WHSEC] },
    );
    const shown = describeConfig(resolveConfig(layer));
    expect(shown["alerts"]).toMatchObject({
      receivers: [
        {
          headers: { "X-Scope-OrgID": "***" },
          basicAuth: { username: "***", password: "***" },
          labels: { cluster: "***" },
          insecure: true,
        },
        { bearerToken: "***", secret: ["***", "***"] },
      ],
    });
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|whsec_|guard"/);
  });
});

describe("a problem is reported without secrets", () => {
  const SECRET = "s3cret-Q1w2e3r4t5y6";
  test.each<[Record<string, unknown>, string, RegExp]>([
    [{ type: "webhook", url: DINGTALK }, "url", /an address of DingTalk.*leave out the type/],
    [{ type: "slack", url: FEISHU }, "url", /an address of Feishu.*not take .* for slack/],
    [{ type: "alertmanager", url: SLACK }, "url", /an address of Slack/],
    [{ url: "https://www.dingtalk.com/s3cret" }, "url", /none that takes messages.*oapi\.ding/],
    [{ type: "slack", url: "https://slack.com/s3cret" }, "url", /none that takes messages/],
    [{ url: "https://www.larkoffice.com/s3cret" }, "url", /of Lark .*none that takes messages/],
    [{ url: "https://a.b.api.powerplatform.us/s3cret" }, "url", /of Teams .*none that takes/],
    [{ url: "https://x.webhook.office.com/s3cret" }, "url", /Microsoft has retired/],
    [{ url: "http://gateway.example.com/s3cret" }, "url", /in clear to gateway\.example\.com/],
    [{ type: "dingtalk", url: "http://10.0.0.1/s3cret" }, "url", /in clear to 10\.0\.0\.1/],
    [{ url: "https://u:s3cret@gateway.example.com" }, "url", /user name or password/],
    [{ type: "fax", url: GATEWAY }, "type", /must be one of webhook, dingtalk, feishu, wecom/],
    [{ url: GATEWAY, secret: SECRET }, "secret", /not a Standard Webhooks secret/],
    [{ url: DINGTALK, secret: "SEC s3cret" }, "secret", /white space/],
    [{ url: FEISHU, secret: "" }, "secret", /is empty/],
    [{ url: WECOM, secret: SECRET }, "secret", /a WeCom robot cannot sign/],
    [{ url: SLACK, secret: SECRET }, "secret", /a Slack webhook cannot sign/],
    [{ url: TEAMS, secret: SECRET }, "secret", /a Teams workflow cannot sign/],
    [{ type: "alertmanager", url: GATEWAY, secret: WHSEC }, "secret", /cannot sign/],
    [{ url: GATEWAY, name: "s3cret:name" }, "name", /is not a name/],
    [{ url: GATEWAY, name: "x".repeat(33) }, "name", /is not a name/],
    [{ url: GATEWAY, language: "zh" }, "language", /a generic webhook has none/],
    [{ url: SLACK, language: "fr" }, "language", /must be one of zh, en/],
    [{ url: GATEWAY, keyword: "x" }, "keyword", /a generic webhook has none/],
    [{ type: "alertmanager", url: GATEWAY, keyword: "x" }, "keyword", /has none/],
    [{ url: DINGTALK, keyword: "a\nb" }, "keyword", /is not a keyword/],
    [{ url: DINGTALK, keyword: " " }, "keyword", /is not a keyword/],
    [{ url: DINGTALK, validFor: "4h" }, "validFor", /a DingTalk robot has none/],
    [{ type: "alertmanager", url: GATEWAY, validFor: "1s" }, "validFor", /from 1m to 365d/],
    [{ url: GATEWAY, secret: [WHSEC, SECRET] }, "secret[1]", /not a Standard Webhooks secret/],
    [{ url: GATEWAY, secret: [] }, "secret", /must have 1 to 5 entries/],
    [{ url: GATEWAY, secret: Array(6).fill(WHSEC) }, "secret", /must have 1 to 5 entries/],
    [{ url: GATEWAY, secret: 5 }, "secret", /must be text, or a list of texts/],
    [{ url: GATEWAY, secret: whsec(23) }, "secret", /too short: a key has 24 to 64 bytes/],
    [{ url: GATEWAY, secret: [whsec(65)] }, "secret[0]", /too long: a key has 24 to 64 bytes/],
    [{ url: DINGTALK, secret: ["SECs3cret"] }, "secret", /a DingTalk robot has one secret/],
    [{ url: WECOM, secret: ["s3cret"] }, "secret", /cannot sign/],
    [{ url: SLACK, headers: { "X-A": "s3cret" } }, "headers", /a Slack webhook has none/],
    [{ url: DINGTALK, bearerToken: "s3cret" }, "bearerToken", /a DingTalk robot has none/],
    [{ url: TEAMS, insecure: true }, "insecure", /a Teams workflow has none/],
    [{ url: GATEWAY, labels: { team: "s3cret" } }, "labels", /a generic webhook has none/],
    [{ url: FEISHU, basicAuth: BASIC }, "basicAuth", /a Feishu bot has none/],
    [{ url: GATEWAY, basicAuth: { username: "a" } }, "basicAuth.password", /is missing/],
    [
      { url: GATEWAY, basicAuth: { ...BASIC, username: "a:s3cret" } },
      "basicAuth.username",
      /colon/,
    ],
    [
      { url: GATEWAY, basicAuth: { ...BASIC, password: "s3cret\n" } },
      "basicAuth.password",
      /control/,
    ],
    [{ url: GATEWAY, basicAuth: BASIC, bearerToken: "s3cret" }, "bearerToken", /beside basicAuth/],
    [{ url: GATEWAY, bearerToken: "Bearer s3cret" }, "bearerToken", /write the token alone/],
    [{ url: GATEWAY, bearerToken: "" }, "bearerToken", /is empty/],
    [{ url: GATEWAY, headers: ["s3cret"] }, "headers", /a set of names and texts/],
    [{ url: GATEWAY, headers: { "X-A": "s3cret\r\nHost: x" } }, "headers.X-A", /in one line/],
    [{ url: GATEWAY, headers: { "X-A": "s3cret " } }, "headers.X-A", /no space around it/],
    [{ url: GATEWAY, headers: { "X-A": 7 } }, "headers.X-A", /must be text/],
    [{ url: GATEWAY, headers: { "X-A": "" } }, "headers.X-A", /is empty/],
    [{ url: GATEWAY, headers: { "X A": "s3cret" } }, "headers.X A", /not the name of a header/],
    [{ url: GATEWAY, headers: { Host: "s3cret" } }, "headers.Host", /has already: take it out/],
    [{ url: GATEWAY, headers: { "Content-Type": "x" } }, "headers.Content-Type", /has already/],
    [{ url: GATEWAY, headers: { "content-length": "1" } }, "headers.content-length", /has already/],
    [{ url: GATEWAY, headers: { "Webhook-Id": "1" } }, "headers.Webhook-Id", /has already/],
    [{ url: GATEWAY, headers: { "x-a": "1", "X-A": "2" } }, "headers.X-A", /twice/],
    [
      { url: GATEWAY, bearerToken: "s3cret", headers: { Authorization: "s3cret" } },
      "headers.Authorization",
      /beside basicAuth or bearerToken/,
    ],
    [
      { type: "alertmanager", url: GATEWAY, labels: { "a-b": "x" } },
      "labels.a-b",
      /name of a label/,
    ],
    [{ type: "alertmanager", url: GATEWAY, labels: { __a: "x" } }, "labels.__a", /name of a label/],
    [
      { type: "alertmanager", url: GATEWAY, labels: { severity: "x" } },
      "labels.severity",
      /by itself/,
    ],
    [{ type: "alertmanager", url: GATEWAY, labels: { team: "" } }, "labels.team", /is empty/],
    [{ type: "alertmanager", url: GATEWAY, labels: { team: "a\n" } }, "labels.team", /control/],
    [{ url: GATEWAY, insecure: "yes" }, "insecure", /must be true or false/],
    [{ url: "http://gateway.example.com/s3cret", insecure: false }, "url", /in clear/],
    [{ type: "slack", url: "http://10.0.0.1/s3cret" }, "url", /in clear/],
    [{ url: GATEWAY, mentions: { everyone: true } }, "mentions.everyone", /mentions nobody/],
    [{ url: FEISHU, mentions: { mobiles: ["13800000000"] } }, "mentions.mobiles", /knows userIds/],
    [{ url: WECOM, mentions: { everyone: true } }, "mentions.everyone", /knows userIds/],
    [{ url: SLACK, mentions: { mobiles: [] } }, "mentions.mobiles", /knows userIds, everyone/],
    [{ url: TEAMS, mentions: { everyone: false } }, "mentions.everyone", /knows userIds/],
    [{ url: DINGTALK, mentions: { mobiles: ["s3cret"] } }, "mentions.mobiles[0]", /of a mobile/],
    [{ url: SLACK, mentions: { userIds: ["<s3cret>"] } }, "mentions.userIds[0]", /id of a user/],
    [{ url: SLACK, mentions: { groups: [] } }, "mentions.(key 1, not shown)", /not a known key/],
    [{ url: SLACK, hook: "s3cret" }, "(key 2, not shown)", /not a known key/],
    [{ type: "slack" }, "url", /is missing/],
  ])("%j", (receiver, path, problem) => {
    const { problems } = layerOf(receiver);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems[0]).toContain(`f.yaml: alerts.receivers[0].${path}: `);
    expect(problems.join()).not.toContain("s3cret");
    expect(problems.join()).not.toContain(WHSEC);
  });

  test.each([
    [{ type: "slack", url: "http://10.0.0.1/x", insecure: true }, ["in clear", "has none"]],
    [{ type: "fax", url: SLACK }, ["must be one of", "does not take generic webhooks"]],
  ])("also where another option of the receiver is wrong: %j", (receiver, problems) => {
    expect(layerOf(receiver).problems).toEqual(
      expect.arrayContaining(problems.map((problem) => expect.stringContaining(problem))),
    );
  });

  test("together with all others, and by the name of the variable", () => {
    const wrong = { url: WECOM, secret: SECRET, name: " a", colour: 1, validFor: "4h" };
    expect(layerOf(wrong, { url: "x" }).problems).toHaveLength(5);
    const env = { FLOWLOG_GUARD_WEBHOOK_URL: SLACK, FLOWLOG_GUARD_WEBHOOK_SECRET: SECRET };
    expect(readEnvironmentLayer(env).problems).toEqual([
      "FLOWLOG_GUARD_WEBHOOK_SECRET: a Slack webhook cannot sign: take it out",
    ]);
  });

  test("only where a build knows the type, since an address may be filled in later", () => {
    const mentions = { mobiles: ["13800000000"] };
    const unknown = { url: "${URL}", secret: "${SECRET}", mentions, keyword: "x" };
    const halfKnown = { ...unknown, url: "https://${HOST}/x" };
    const values = { alerts: { receivers: [unknown, halfKnown] } };
    expect(problemsOfFile({ name: "f.yaml", values })).toEqual([]);
    const slack = { ...unknown, type: "slack" };
    expect(problemsOfFile({ name: "f.yaml", values: { alerts: { receivers: [slack] } } })).toEqual([
      expect.stringContaining("mentions.mobiles: a Slack webhook knows userIds, everyone"),
    ]);
  });
});

/** Every vendor's hosts, with an address at the host that is given as the example. */
const DOMAINS = RECEIVERS.flatMap((descriptor) =>
  ("domains" in descriptor ? [...descriptor.domains] : []).flatMap(({ called, acceptsMessages }) =>
    "example" in acceptsMessages
      ? [[called, descriptor.type, acceptsMessages.example.replace("*", "a.b")] as const]
      : [],
  ),
);

test.each(DOMAINS)("the example host of %s is one of type %s: %s", (_called, type, host) => {
  expect(optionsOf({ url: `https://${host}/x` })).toMatchObject({ type });
  expect(layerOf({ type, url: `https://${host}/x` }).problems).toEqual([]);
});

test("no two types have the same name", () => {
  expect(new Set(RECEIVER_TYPES).size).toBe(RECEIVERS.length);
  expect(DOMAINS).not.toEqual([]);
});

test("an option that only one type has is no option of another or of all", () => {
  const own = RECEIVERS.flatMap((descriptor) =>
    "ownOptions" in descriptor ? Object.keys(descriptor.ownOptions) : [],
  );
  expect(own).not.toEqual([]);
  const [problem = ""] = layerOf({ url: GATEWAY, colour: 1 }).problems;
  const keys = problem.split("those known here are ")[1]?.split(", ") ?? [];
  expect(keys.filter((key) => own.includes(key)).toSorted()).toEqual(own.toSorted());
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toHaveLength(12 + own.length);
});

describe("names", () => {
  test.each([
    "on-call_1",
    "a",
    "运维群",
    "运维群（杭州）",
    "安全 · 值班 (北京)",
    "Équipe réseau",
    "Equipe re\u0301seau",
    "दिल्ली",
    "サーバー監視",
    "一".repeat(32),
  ])("%j is one", (name) => expect(problemOfReceiverName(name)).toBeNull());

  test.each([
    ["nothing", ""],
    ["a space before", " 运维"],
    ["a space behind", "运维 "],
    ["two spaces", "运维  群"],
    ["another space", "运维\u3000群"],
    ["a line end", "运维\n群"],
    ["a control", "运维\u001b[31m"],
    ["a zero-width space", "运维\u200b群"],
    ["a joiner", "运维\u200d群"],
    ["a direction", "运维\u202e群"],
    ["a filler, which is a letter", "\u3164"],
    ["a variation selector, which is a mark", "运\ufe0f"],
    ["a mark alone", "\u0301"],
    ["an emoji", "🚀"],
    ["an address", "https://oapi.dingtalk.com/robot/send"],
    ["a host", "hooks.slack.com"],
    ["a comma", "a,b"],
    ["too much", "一".repeat(33)],
    ["too much, of spaces too", "一 ".repeat(17).trim()],
  ])("%s is none: %j", (_what, name) => {
    const problem = problemOfReceiverName(name);
    expect(problem).toContain("is not a name");
    expect(name === "" || !problem?.includes(name)).toBe(true);
  });

  test("of one Unicode form are the same, and of another are that one", () => {
    const [composed, decomposed] = ["réseau", "re\u0301seau"];
    const first = { url: DINGTALK, name: composed };
    const second = { url: `${DINGTALK}x`, name: decomposed };
    expect(layerOf(first, second).problems).toEqual([
      "f.yaml: alerts.receivers[1]: has the name of receivers[0]: give it another",
    ]);
    expect(receiverName(optionsOf(second))).toBe(composed);
  });

  test("distinguish receivers, and show nothing of the address", () => {
    const name = receiverName(optionsOf({ url: DINGTALK }));
    expect(name).toMatch(/^dingtalk-[0-9a-f]{8}$/);
    expect(receiverName(optionsOf({ url: `${DINGTALK}x` }))).not.toBe(name);
    expect(receiverName(optionsOf({ url: DINGTALK, name: "on-call_1" }))).toBe("on-call_1");
  });

  test("are unique", () => {
    const named = (url: string) => ({ url, name: "same" });
    expect(layerOf(named(SLACK), named(WECOM)).problems).toEqual([
      "f.yaml: alerts.receivers[1]: has the name of receivers[0]: give it another",
    ]);
    expect(layerOf({ url: SLACK }, { url: WECOM }, { url: SLACK }).problems).toEqual([
      "f.yaml: alerts.receivers[2]: is the same as receivers[0]: take one of them out, or give it a name",
    ]);
  });
});

test("receivers are described with their names, and with secrets masked", () => {
  const mentions = { userIds: ["ou_1"] };
  const layer = layerOf(
    { url: LARK, secret: "s3cret", keyword: "k", mentions },
    { type: "alertmanager", url: GATEWAY, name: "am", validFor: "2h" },
    { url: GATEWAY, name: "hook" },
  );
  const shown = describeConfig(resolveConfig(layer));
  expect(shown["alerts"]).toEqual({
    repeatAfter: "1d",
    unreadableAfter: 2,
    receivers: [
      {
        type: "feishu",
        name: expect.stringMatching(/^feishu-[0-9a-f]{8}$/),
        url: "https://open.larksuite.com/***",
        secret: "***",
        language: "en",
        keyword: "k",
        mentions,
      },
      {
        type: "alertmanager",
        name: "am",
        url: "https://gateway.example.com/***",
        language: "en",
        validFor: "2h",
      },
      { type: "webhook", name: "hook", url: "https://gateway.example.com/***" },
    ],
  });
  expect(JSON.stringify(shown)).not.toContain("s3cret");
});

describe("what a receiver is sent", () => {
  const SEVERITY_NAMES = ["critical", "high", "medium", "low"];

  test("is read, and shown", () => {
    const only = {
      accounts: ["prod-*", "!1234567890123456"],
      regions: ["cn-*", "!cn-a"],
      rules: ["vpc-*", "flow-log-service-activated"],
      severity: SEVERITY_NAMES,
    };
    const layer = layerOf({ url: SLACK, only });
    expect(layer.problems).toEqual([]);
    expect(optionsOf({ url: SLACK, only })).toEqual({ type: "slack", url: SLACK, only });
    expect(JSON.stringify(describeConfig(resolveConfig(layer)))).toContain(JSON.stringify(only));
  });

  test.each<[unknown, string]>([
    [{}, "only: is empty: say what to send"],
    [[], "only: must be a set of keys and values"],
    [{ account: ["a"] }, "only.account: is not a known key: did you mean accounts?"],
    [{ accounts: [] }, "only.accounts: is empty"],
    [{ accounts: ["!a"] }, "only.accounts: only leaves accounts out"],
    [{ regions: ["!cn-a"] }, "only.regions: only leaves regions out"],
    [{ regions: ["CN"] }, 'only.regions[0]: "CN" is not a region'],
    [{ rules: [] }, "only.rules: is empty"],
    [{ rules: ["!vpc-*"] }, "only.rules: only leaves rules out"],
    [{ rules: ["nothing-*"] }, "only.rules[0]: matches no rule"],
    [{ rules: ["flow-log-service-activate"] }, "did you mean flow-log-service-activated?"],
    [{ rules: "vpc-*" }, "only.rules: must be a list"],
    [{ severity: [] }, "only.severity: is empty"],
    [{ severity: ["warning"] }, "only.severity[0]: is not a severity: write critical, high"],
  ])("is refused where it makes no sense: %j", (only, problem) => {
    const { problems } = layerOf({ url: SLACK, only });
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});
