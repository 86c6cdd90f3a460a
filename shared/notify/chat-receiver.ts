import type { Alert } from "../alerts/alert.ts";
import type { Transport } from "../http/transport.ts";
import { composeDraft } from "./message/compose-draft.ts";
import type { Part } from "./message/draft.ts";
import { messageKey } from "./message/message-key.ts";
import { splitDraft } from "./message/split-draft.ts";
import { WORDS } from "./message/words.ts";
import { type Answer, post } from "./post.ts";
import type { Message, Receiver } from "./receiver.ts";
import { receiverLanguage, receiverName, type ReceiverOptions } from "./receiver-options.ts";

type Body = Message["body"];

/** What is particular to a chat vendor. */
export interface ChatVendor<B extends Readonly<Record<string, unknown>>> {
  /** Whether it drops a message whose key it has had. */
  readonly dropsRepeats: boolean;
  /** Writes a message in the vendor's own way. */
  render(part: Part, key: string): B;
  /** How much of what the vendor takes a body makes use of: 1 is all of it. */
  fullness(body: B): number;
  /** The address with a signature, or the body's fields that are one; left out where none is. */
  sign?(nowMs: number): {
    readonly url?: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
  /** @throws `DeliveryError` when the answer is not the vendor's way to say that it was taken */
  assertAccepted(answer: Answer): void;
}

/** A receiver that people read: what the chat vendors have in common. */
export function chatReceiver<B extends Readonly<Record<string, unknown>>>(
  options: ReceiverOptions,
  transport: Transport,
  vendor: ChatVendor<B>,
): Receiver {
  const { type, url, keyword } = options;
  const words = WORDS[receiverLanguage(options)];
  return {
    name: receiverName(options),
    type,
    host: new URL(url).host,
    wantsEveryRun: false,
    namesPlacesIn: words.language,

    compose(alert: Alert, share: number) {
      // All keys are of one length.
      const anyKey = messageKey(alert, url, [], 1);
      const fits = (part: Part): boolean => vendor.fullness(vendor.render(part, anyKey)) <= share;
      const partsOf = (withNames: boolean): Part[] =>
        splitDraft(composeDraft(alert, words, { keyword, withNames }), words, fits);
      const named = partsOf(true);
      // The names of places in a list are worth no second message.
      return (named.length > 1 ? partsOf(false) : named).map((part): Message => {
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

/** Bytes that a body is sent as. */
export function bytesOf(body: Body): number {
  return Buffer.byteLength(JSON.stringify(body));
}
