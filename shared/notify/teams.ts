import { refusal } from "./answer/judge-status.ts";
import { assertDelivered } from "./answer/reports-failure.ts";
import { bytesOf, chatReceiver } from "./chat-receiver.ts";
import type { Part, Tone } from "./message/draft.ts";
import { escapeMarks } from "./message/escape-marks.ts";
import { type Dialect, MARKDOWN, renderLines } from "./message/render-lines.ts";
import type { Answer } from "./post.ts";
import type { Mentions, ReceiverOptions } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";

/** The flow adds to it, and fails inside at 28,672 when nobody hears of it any more. */
const MAX_BYTES = 18_000;

const COLOURS: Readonly<Record<Tone, string>> = {
  bad: "Attention",
  doubtful: "Warning",
  good: "Good",
  neutral: "Accent",
};

/** Teams shows no code in a card's text, and ends a line only at an empty one. */
const DIALECT: Dialect = { ...MARKDOWN, code: (text) => escapeMarks(text, "_"), lineEnd: "\n\n" };

/**
 * A Teams workflow that posts the cards it gets. That it answers means only that it has queued
 * the card.
 *
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
export function teamsReceiver(options: ReceiverOptions): Receiver {
  const { mentions = {} } = options;
  return chatReceiver(options, {
    dropsRepeats: false,
    render: (part) => render(part, mentions),
    fullness: (body) => bytesOf(body) / MAX_BYTES,
    assertAccepted,
  });
}

function render({ title, tone, calls, blocks }: Part, mentions: Mentions) {
  const { userIds = [] } = calls ? mentions : {};
  const called = userIds.map((id) => `<at>${id}</at>`);
  const texts = [...blocks.map((block) => renderLines(block, DIALECT)), called.join(" ")];
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            { ...textBlock(title), weight: "Bolder", size: "Medium", color: COLOURS[tone] },
            ...texts.filter((text) => text !== "").map(textBlock),
          ],
          msteams: {
            width: "Full",
            entities: userIds.map((id) => ({
              type: "mention",
              text: `<at>${id}</at>`,
              mentioned: { id, name: id },
            })),
          },
        },
      },
    ],
  };
}

function textBlock(text: string) {
  return { type: "TextBlock", text, wrap: true };
}

function assertAccepted(answer: Answer): void {
  assertDelivered(answer);
  const { status } = answer;
  if (status === 200 || status === 202) return;
  throw refusal(
    answer,
    `answered HTTP ${status}, but not as a workflow does. Check the address, and the workflow's run history.`,
  );
}
