import type { Transport } from "../http/transport.ts";
import {
  assertAcceptedByCode,
  BUSY,
  type VendorCodes,
  type CodeFailure,
  permanentFailure,
} from "./answer/judge-code.ts";
import { chatReceiver } from "./chat-receiver.ts";
import type { PartText, Tone } from "./message/draft.ts";
import { MARKDOWN, renderLines } from "./message/render-lines.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import type { Mentions, ReceiverSettings } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";

/** The limit of the content, in UTF-8. */
const MAX_CONTENT_BYTES = 4_096;

const COLOURS: Readonly<Record<Tone, string>> = {
  bad: "warning",
  doubtful: "warning",
  good: "info",
  neutral: "comment",
};

/**
 * Creates a receiver for a robot of a WeCom group.
 *
 * @see https://developer.work.weixin.qq.com/document/path/91770
 */
function wecomReceiver(settings: ReceiverSettings, transport: Transport): Receiver {
  const { mentions = {} } = settings;
  return chatReceiver(settings, transport, {
    dropsRepeats: false,
    render: (part) => render(part, mentions),
    fullness: ({ markdown }) => Buffer.byteLength(markdown.content) / MAX_CONTENT_BYTES,
    assertAccepted: (answer) => assertAcceptedByCode(answer, CODES),
  });
}

function render({ keyword, headline, tone, calls, blocks }: PartText, { userIds = [] }: Mentions) {
  const content = [
    `<font color="${COLOURS[tone]}">${headline}</font> ${keyword}`,
    ...blocks.map((block) => renderLines(block, MARKDOWN)),
    ...(calls && userIds.length > 0 ? [userIds.map((id) => `<@${id}>`).join(" ")] : []),
  ].join("\n\n");
  return { msgtype: "markdown", markdown: { content } };
}

const WAIT: CodeFailure = { kind: "WAIT", advice: "too many messages: it takes 20 a minute" };

const FAILURES: Readonly<Record<string, CodeFailure>> = {
  // WeCom documents at most three attempts for this code.
  "-1": BUSY,
  "45009": WAIT,
  "45033": WAIT,
  "93000": permanentFailure("it does not know the address: copy the robot's once more"),
  "40058": { kind: "TOO_LONG", advice: "the message is too long" },
};

const CODES: VendorCodes = {
  field: "errcode",
  codeOf: ({ errcode }) => errcode,
  failureOf: (code) => FAILURES[code],
};

/** A robot of a WeCom group. */
export const wecom = {
  type: "wecom",
  called: "a WeCom robot",
  domains: [
    {
      called: "WeCom",
      domain: /(^|\.)weixin\.qq\.com$/,
      acceptsMessages: { hosts: /^qyapi\.weixin\.qq\.com$/, example: "qyapi.weixin.qq.com" },
    },
  ],
  language: "zh",
  mentions: ["userIds"],
  isChat: true,
  create: wecomReceiver,
} as const satisfies ReceiverDescriptor;
