import type { Transport } from "../http/transport.ts";
import { clipText } from "../text/clean-text.ts";
import {
  isTransient,
  rejectedError,
  statusError,
  unconfirmedError,
} from "./answer/judge-status.ts";
import type { ReceiverAnswer } from "./answer/receiver-answer.ts";
import { chatReceiver } from "./chat-receiver.ts";
import { DeliveryError } from "./delivery-error.ts";
import type { PartText } from "./message/draft.ts";
import { escapeMarks } from "./message/escape-marks.ts";
import { type Dialect, renderLines } from "./message/render-lines.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import type { Mentions, ReceiverSettings } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";

const MAX_BLOCKS = 50;
const MAX_SECTION = 3_000;
const MAX_HEADER = 150;
const MAX_IN_ALL = 12_000;

/**
 * Creates a receiver for an incoming webhook of Slack.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
function slackReceiver(settings: ReceiverSettings, transport: Transport): Receiver {
  const { mentions = {} } = settings;
  return chatReceiver(settings, transport, {
    dropsRepeats: false,
    render: (part) => render(part, mentions),
    fullness: ({ text, blocks }) => {
      const lengths = blocks.map((block) => block.text.text.length);
      const inAll = lengths.reduce((sum, length) => sum + length, text.length);
      return Math.max(
        blocks.length / MAX_BLOCKS,
        Math.max(...lengths) / MAX_SECTION,
        inAll / MAX_IN_ALL,
      );
    },
    assertAccepted,
  });
}

function render(
  { keyword, headline, title, calls, blocks }: PartText,
  { userIds = [], everyone = false }: Mentions,
) {
  const called = [...(everyone ? ["<!channel>"] : []), ...userIds.map((id) => `<@${id}>`)];
  const texts = [
    ...blocks.map((block) => renderLines(block, DIALECT)),
    ...(calls && called.length > 0 ? [called.join(" ")] : []),
  ];
  return {
    // Notifications show this text.
    text: escapeEntities(title),
    blocks: [
      {
        type: "header",
        text: { type: "plain_text", text: headerOf(headline, keyword) },
      },
      ...texts.map((text) => ({
        type: "section",
        // Verbatim, so that Slack turns no text into links, channels or mentions.
        text: { type: "mrkdwn", text, verbatim: true },
      })),
    ],
  };
}

/** Clips the headline, never the keyword. */
function headerOf(headline: string, keyword: string): string {
  const room = MAX_HEADER - keyword.length - 1;
  return `${clipText(headline, room, (text) => text.length)} ${keyword}`;
}

/** Characters that Slack escapes as entities. */
const ENTITIES = "&<>";

const DIALECT: Dialect = {
  outside: (text) => escapeEntities(escapeMarks(text, ENTITIES)),
  strong: (text) => `*${escapeEntities(escapeMarks(text, ENTITIES))}*`,
  code: (text) => `\`${escapeEntities(escapeMarks(text, `_${ENTITIES}`))}\``,
  link: (text, url) => `<${url}|${text}>`,
  lineEnd: "\n",
};

/** @see https://docs.slack.dev/messaging/formatting-message-text */
function escapeEntities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Slack answers with one word; only `ok` confirms the message. */
function assertAccepted(answer: ReceiverAnswer): void {
  const { host, status, text } = answer;
  const word = /^[a-z_]{2,40}$/.exec(text.trim())?.[0];
  if (status === 200 && word === "ok") return;
  if (word === "msg_blocks_too_long") {
    throw new DeliveryError("TOO_LONG", `${host} refused the message: ${word}.`, {
      retryable: "never",
      httpStatus: status,
    });
  }
  if (
    (status >= 300 && status < 400) ||
    isTransient(answer) ||
    (status >= 400 && word === undefined)
  ) {
    throw statusError(answer);
  }
  if (word === undefined) {
    throw unconfirmedError(
      answer,
      `answered HTTP ${status} without "ok": delivery is not confirmed. Check the address, and whether something stands between.`,
    );
  }
  throw rejectedError(answer, `refused the message: ${word}. ${adviceFor(word)}`);
}

function adviceFor(word: string): string {
  switch (word) {
    case "channel_is_archived":
    case "channel_not_found":
      return "Make a webhook for a channel that is there.";
    case "invalid_token":
    case "no_service":
    case "no_team":
    case "no_active_hooks":
      return "The webhook does not exist any more: make one, and use its address.";
    case "action_prohibited":
    case "posting_to_general_channel_denied":
      return "An administrator has restricted this webhook or its channel: ask one.";
    default:
      return "See what Slack says of it.";
  }
}

/** An incoming webhook of Slack. */
export const slack = {
  type: "slack",
  called: "a Slack webhook",
  domains: [
    {
      called: "Slack",
      domain: /(^|\.)slack(-gov)?\.com$/,
      acceptsMessages: { hosts: /^hooks\.slack(-gov)?\.com$/, example: "hooks.slack.com" },
    },
  ],
  language: "en",
  mentions: ["userIds", "everyone"],
  isChat: true,
  create: slackReceiver,
} as const satisfies ReceiverDescriptor;
