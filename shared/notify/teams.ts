import type { Transport } from "../http/transport.ts";
import { assertDelivered } from "./answer/assert-delivered.ts";
import { rejectedError } from "./answer/judge-status.ts";
import type { ReceiverAnswer } from "./answer/receiver-answer.ts";
import { bytesOf, chatReceiver } from "./chat-receiver.ts";
import type { Line, PartText, Tone } from "./message/draft.ts";
import { type Dialect, MARKDOWN, plainCode, renderLines } from "./message/render-lines.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import type { Mentions, ReceiverSettings } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";

/** The workflow adds to the body, and fails at 28,672 bytes after it has answered. */
const MAX_BYTES = 18_000;

const COLOURS: Readonly<Record<Tone, string>> = {
  bad: "Attention",
  doubtful: "Warning",
  good: "Good",
  neutral: "Accent",
};

/** Cards in Teams have no inline code. Each line is an element of its own. */
const DIALECT: Dialect = { ...MARKDOWN, code: plainCode, lineEnd: "" };

/**
 * Creates a receiver for a Teams workflow that posts the cards it receives. A 2xx answer means only
 * that the card is queued.
 *
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
function teamsReceiver(settings: ReceiverSettings, transport: Transport): Receiver {
  const { mentions = {} } = settings;
  return chatReceiver(settings, transport, {
    dropsRepeats: false,
    render: (part) => render(part, mentions),
    fullness: (body) => bytesOf(body) / MAX_BYTES,
    assertAccepted,
  });
}

function render({ title, tone, calls, blocks }: PartText, mentions: Mentions) {
  const { userIds = [] } = calls ? mentions : {};
  const called = userIds.map((id) => `<at>${id}</at>`);
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
            ...blocks.flatMap((block, index) => elementsOf(block, index > 0)),
            ...(called.length > 0 ? [textBlock(called.join(" "))] : []),
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

/** One element for each line: the lines of a block without spacing, with a separator between blocks. */
function elementsOf(lines: readonly Line[], isParted: boolean) {
  return lines.map((line, index) => ({
    ...textBlock(renderLines([line], DIALECT)),
    ...(index > 0 && { spacing: "None" }),
    ...(index === 0 && isParted && { separator: true }),
  }));
}

function textBlock(text: string) {
  return { type: "TextBlock", text, wrap: true };
}

function assertAccepted(answer: ReceiverAnswer): void {
  assertDelivered(answer);
  const { status } = answer;
  if (status === 200 || status === 202) return;
  throw rejectedError(
    answer,
    `answered HTTP ${status}, but not as a workflow does. Check the address, and the workflow's run history.`,
  );
}

/** A workflow of Teams. */
export const teams = {
  type: "teams",
  called: "a Teams workflow",
  domains: [
    {
      called: "Teams",
      // The public cloud, those of the US government (GCC, GCC High, DoD) and that in China.
      domain:
        /(^|\.)logic\.azure\.(com|us|cn)$|\.api\.powerplatform\.(com|us)$|\.api\.(gov|high)\.powerplatform\.microsoft\.us$/,
      acceptsMessages: {
        hosts:
          /\.logic\.azure\.(com|us|cn)$|\.environment\.api\.powerplatform\.(com|us)$|\.api\.(gov|high)\.powerplatform\.microsoft\.us$/,
        example: "*.environment.api.powerplatform.com",
      },
    },
    {
      called: "Teams",
      domain: /(^|\.)webhook\.office\.com$/,
      acceptsMessages: {
        retired:
          'of the connectors that Microsoft has retired: make a workflow "When a Teams webhook request is received", and use its address',
      },
    },
  ],
  language: "en",
  mentions: ["userIds"],
  isChat: true,
  create: teamsReceiver,
} as const satisfies ReceiverDescriptor;
