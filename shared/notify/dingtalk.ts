import { createHmac } from "node:crypto";

import type { Transport } from "../http/transport.ts";
import {
  assertAcceptedByCode,
  BUSY,
  type VendorCodes,
  type CodeFailure,
  permanentFailure,
} from "./answer/judge-code.ts";
import { bytesOf, chatReceiver, problemOfRobotSecret } from "./chat-receiver.ts";
import type { PartText } from "./message/draft.ts";
import { type Dialect, MARKDOWN, plainCode, renderLines } from "./message/render-lines.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import { type Mentions, type ReceiverSettings, secretsOf } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";

const MAX_BYTES = 20_000;

/**
 * Two spaces end a line: without them DingTalk joins lines. Its subset of markdown has no inline code
 * and would show the backticks.
 */
const DIALECT: Dialect = { ...MARKDOWN, code: plainCode, lineEnd: "  \n" };

/**
 * Creates a receiver for a custom robot of a DingTalk group. The robot drops a message whose `msgUuid`
 * it has received before.
 *
 * @see https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
 */
function dingtalkReceiver(settings: ReceiverSettings, transport: Transport): Receiver {
  const { url, mentions = {} } = settings;
  const [secret] = secretsOf(settings);
  return chatReceiver(settings, transport, {
    dropsRepeats: true,
    render: (part, key) => render(part, key, mentions),
    fullness: (body) => bytesOf(body) / MAX_BYTES,
    ...(secret !== undefined && {
      sign: (nowMs) => ({ url: signDingtalkUrl(url, secret, nowMs) }),
    }),
    assertAccepted: (answer) => assertAcceptedByCode(answer, CODES),
  });
}

function render(part: PartText, key: string, mentions: Mentions) {
  const { mobiles = [], userIds = [], everyone = false } = part.calls ? mentions : {};
  // DingTalk notifies only those who are named in the text too.
  const called = [...mobiles, ...userIds].map((name) => `@${name}`).join(" ");
  const text = [
    `### ${part.title}`,
    ...part.blocks.map((block) => renderLines(block, DIALECT)),
    ...(called === "" ? [] : [called]),
  ].join("\n\n");
  return {
    msgtype: "markdown",
    markdown: { title: part.title, text },
    at: { atMobiles: mobiles, atUserIds: userIds, isAtAll: everyone },
    msgUuid: key,
  };
}

/**
 * Signs the address of a robot whose security settings ask for a signature.
 *
 * @param nowMs - milliseconds since the epoch; DingTalk accepts clocks up to an hour off
 * @see https://open.dingtalk.com/document/robots/customize-robot-security-settings
 */
export function signDingtalkUrl(url: string, secret: string, nowMs: number): string {
  const signed = new URL(url);
  const digest = createHmac("sha256", secret).update(`${nowMs}\n${secret}`).digest("base64");
  signed.searchParams.set("timestamp", String(nowMs));
  signed.searchParams.set("sign", digest);
  return signed.href;
}

const WAIT: CodeFailure = {
  kind: "WAIT",
  advice: "too many messages, and it now takes none for about ten minutes",
};
const TOKEN = permanentFailure("it does not know the token: copy the robot's address once more");

const FAILURES: Readonly<Record<string, CodeFailure>> = {
  "-1": BUSY,
  "500100": BUSY,
  "410100": WAIT,
  "130101": WAIT,
  "660026": WAIT,
  "90002": WAIT,
  "300001": TOKEN,
  "300005": TOKEN,
  "400101": TOKEN,
  "400102": permanentFailure("the robot is switched off: switch it on in the group's settings"),
  "400106": permanentFailure("the robot does not exist any more: add one, and use its address"),
  "400013": permanentFailure("the group does not exist any more: add a robot to another one"),
  "460101": { kind: "TOO_LONG", advice: "the message is too long" },
};

const CODES: VendorCodes = {
  field: "errcode",
  codeOf: ({ errcode }) => errcode,
  failureOf: (code, { errmsg }) => {
    if (code === "310000") return permanentFailure(securityAdvice(String(errmsg)));
    if (code.startsWith("4301")) {
      return permanentFailure(
        "it takes something in the message for unsafe: look at names and links",
      );
    }
    return FAILURES[code];
  },
};

/** All security settings share one code; only the text says which of them failed. */
function securityAdvice(errmsg: string): string {
  if (/keyword|关键词/i.test(errmsg)) {
    return 'none of the robot\'s keywords is in it: set "keyword" to one of them';
  }
  if (/whitelist|白名单|\bip\b/i.test(errmsg)) {
    return "the address that it was sent from is not allowed: add it to the robot's IP addresses";
  }
  if (/sign|timestamp|签名|时间戳/i.test(errmsg)) {
    return 'the signature does not match: set "secret" to the robot\'s, and check the clock';
  }
  return "the robot's security settings: check its keywords, signature and IP addresses";
}

/** A custom robot of a DingTalk group. */
export const dingtalk = {
  type: "dingtalk",
  called: "a DingTalk robot",
  domains: [
    {
      called: "DingTalk",
      domain: /(^|\.)dingtalk\.com$/,
      acceptsMessages: { hosts: /^oapi\.dingtalk\.com$/, example: "oapi.dingtalk.com" },
    },
  ],
  language: "zh",
  signature: { problemOfSecret: problemOfRobotSecret, takesSeveralSecrets: false },
  mentions: ["mobiles", "userIds", "everyone"],
  isChat: true,
  create: dingtalkReceiver,
} as const satisfies ReceiverDescriptor;
