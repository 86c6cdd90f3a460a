import { createHmac } from "node:crypto";

import type { Transport } from "../http/transport.ts";
import {
  assertAcceptedByCode,
  type VendorCodes,
  type CodeFailure,
  permanentFailure,
} from "./answer/judge-code.ts";
import { bytesOf, chatReceiver, problemOfRobotSecret } from "./chat-receiver.ts";
import type { PartText, Tone } from "./message/draft.ts";
import { type Dialect, MARKDOWN, renderLines } from "./message/render-lines.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import { type Mentions, type ReceiverSettings, secretsOf } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";

const MAX_BYTES = 20_000;
/** Bytes that `timestamp` and `sign` add to a body. */
const SIGNATURE_BYTES = 96;

const COLOURS: Readonly<Record<Tone, string>> = {
  bad: "red",
  doubtful: "orange",
  good: "green",
  neutral: "blue",
};

/** Feishu may ignore a plain line feed. */
const DIALECT: Dialect = { ...MARKDOWN, lineEnd: "<br>" };

/**
 * Creates a receiver for a custom bot of a Feishu or Lark group. The headline is the card's header,
 * which is all that an old client shows.
 *
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
function feishuReceiver(settings: ReceiverSettings, transport: Transport): Receiver {
  const { mentions = {} } = settings;
  const [secret] = secretsOf(settings);
  return chatReceiver(settings, transport, {
    dropsRepeats: false,
    render: (part) => render(part, mentions),
    fullness: (body) => (bytesOf(body) + SIGNATURE_BYTES) / MAX_BYTES,
    ...(secret !== undefined && {
      sign: (nowMs) => ({ fields: feishuSignature(secret, nowMs) }),
    }),
    assertAccepted: (answer) => assertAcceptedByCode(answer, CODES),
  });
}

function render({ keyword, title, tone, calls, blocks }: PartText, mentions: Mentions) {
  const { userIds = [], everyone = false } = calls ? mentions : {};
  const called = [...(everyone ? ["all"] : []), ...userIds]
    .map((id) => `<at id=${id}></at>`)
    .join(" ");
  // The bot looks for the keyword in the text, so it is repeated there.
  const texts = [...blocks.map((block) => renderLines(block, DIALECT)), called, keyword];
  return {
    msg_type: "interactive",
    card: {
      schema: "2.0",
      header: { title: { tag: "plain_text", content: title }, template: COLOURS[tone] },
      body: {
        elements: texts
          .filter((content) => content !== "")
          .map((content) => ({ tag: "markdown", content })),
      },
    },
  };
}

/**
 * The fields that sign a message: the key is the timestamp and the secret, the signed text is empty.
 *
 * @param nowMs - milliseconds since the epoch; Feishu accepts clocks up to an hour off
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export function feishuSignature(
  secret: string,
  nowMs: number,
): { readonly timestamp: string; readonly sign: string } {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const sign = createHmac("sha256", `${timestamp}\n${secret}`).digest("base64");
  return { timestamp, sign };
}

const BACK_OFF: CodeFailure = { kind: "BACK_OFF", advice: "too many messages" };
/** Each of Feishu's services has its own code for too many messages; 9499 means malformed requests too. */
const TOO_MANY = /too (many requests?|frequent|fast)|(frequency|rate) limit|频率限制|频控|限流/i;

const FAILURES: Readonly<Record<string, CodeFailure>> = {
  "11232": BACK_OFF,
  "11247": BACK_OFF,
  "99991400": BACK_OFF,
  "19001": permanentFailure("it does not know the token: copy the bot's address once more"),
  "19002": permanentFailure(
    "a parameter is not what it expects: please report this as a fault of ours",
  ),
  "19021": permanentFailure(
    'the signature does not match: set "secret" to the bot\'s, and check the clock',
  ),
  "19022": permanentFailure(
    "the address that it was sent from is not allowed: add it to the bot's",
  ),
  "19024": permanentFailure('none of the bot\'s keywords is in it: set "keyword" to one of them'),
  "9499": permanentFailure(
    "it takes the message for malformed: please report this as a fault of ours",
  ),
  "19036": { kind: "TOO_LONG", advice: "the message is too long" },
};

const CODES: VendorCodes = {
  field: "code",
  codeOf: ({ code, StatusCode }) => code ?? StatusCode,
  failureOf: (code, { msg }) => (TOO_MANY.test(String(msg)) ? BACK_OFF : FAILURES[code]),
};

/** A custom bot of a Feishu group, or of Lark, which Feishu is called outside of China. */
export const feishu = {
  type: "feishu",
  called: "a Feishu bot",
  domains: [
    {
      called: "Feishu",
      domain: /(^|\.)feishu\.cn$/,
      acceptsMessages: { hosts: /^open\.feishu\.cn$/, example: "open.feishu.cn" },
    },
    {
      called: "Lark",
      domain: /(^|\.)lark(suite|office)\.com$/,
      acceptsMessages: { hosts: /^open\.lark(suite|office)\.com$/, example: "open.larksuite.com" },
      language: "en",
    },
  ],
  language: "zh",
  signature: { problemOfSecret: problemOfRobotSecret, takesSeveralSecrets: false },
  mentions: ["userIds", "everyone"],
  isChat: true,
  create: feishuReceiver,
} as const satisfies ReceiverDescriptor;
