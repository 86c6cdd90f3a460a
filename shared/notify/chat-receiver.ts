import type { Alert } from "../alerts/alert.ts";
import type { Transport } from "../http/transport.ts";
import type { ReceiverAnswer } from "./answer/receiver-answer.ts";
import { composeDrafts } from "./message/compose-draft.ts";
import type { PartText } from "./message/draft.ts";
import { layOut } from "./message/lay-out.ts";
import { messageKey } from "./message/message-key.ts";
import { splitDraft } from "./message/split-draft.ts";
import { WORDS } from "./message/words/words-of-languages.ts";
import { post } from "./post.ts";
import type { ReceiverSettings } from "./receiver-options.ts";
import type { Message, Receiver } from "./receiver.ts";

type Body = Message["body"];

/** What is particular to a chat vendor. */
export interface ChatVendor<B extends Readonly<Record<string, unknown>>> {
  /** Whether it drops a message with a key that it has received before. */
  readonly dropsRepeats: boolean;
  /** Writes a message in the vendor's format. */
  render(part: PartText, key: string): B;
  /** How much of the vendor's limit a body uses: 1 is all of it. */
  fullness(body: B): number;
  /** The signed address, or the fields of the body that sign it; left out where nothing is signed. */
  sign?(nowMs: number): {
    readonly url?: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
  /** @throws `DeliveryError` when the answer is not what the vendor confirms a message with */
  assertAccepted(answer: ReceiverAnswer): void;
}

/** Creates a receiver that people read: what the chat vendors have in common. */
export function chatReceiver<B extends Readonly<Record<string, unknown>>>(
  settings: ReceiverSettings,
  transport: Transport,
  vendor: ChatVendor<B>,
): Receiver {
  const { name, type, url, keyword } = settings;
  const words = WORDS[settings.language];
  return {
    name,
    type,
    host: new URL(url).host,
    wantsEveryRun: false,
    namesPlacesIn: words.language,

    compose(alert: Alert, share: number) {
      // All keys have the same length.
      const anyKey = messageKey(alert, url, [], 1);
      const fits = (part: PartText): boolean =>
        vendor.fullness(vendor.render(part, anyKey)) <= share;
      const draftOf = composeDrafts(alert, words, keyword);
      const parts = layOut(alert, (layout) => splitDraft(draftOf(layout), words, fits));
      return parts.map((part): Message => {
        const key = messageKey(alert, url, part.covers, part.number);
        return { key, body: vendor.render(part, key), covers: part.covers };
      });
    },

    async send({ message, nowMs, budget }) {
      const signed = vendor.sign?.(nowMs);
      const answer = await post(
        {
          url: signed?.url ?? url,
          body: JSON.stringify(Object.assign({}, signed?.fields, message.body)),
          dropsRepeats: vendor.dropsRepeats,
          budget,
        },
        transport,
      );
      vendor.assertAccepted(answer);
      return answer.status;
    },
  };
}

/** The size of a body in bytes, as it is sent. */
export function bytesOf(body: Body): number {
  return Buffer.byteLength(JSON.stringify(body));
}

/** Says what is wrong with the secret of a chat robot, or null. Never quotes it. */
export function problemOfRobotSecret(secret: string): string | null {
  if (secret === "") return "is empty";
  return /\s/.test(secret)
    ? "has white space in it, as no vendor's secret has (value not shown)"
    : null;
}
