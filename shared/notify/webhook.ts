import type { Alert } from "../alerts/alert.ts";
import { groupBy } from "../audit/group-by.ts";
import { UNKNOWN_ACCOUNT } from "../audit/report.ts";
import { summarizeRule } from "../audit/rule-card.ts";
import type { Transport } from "../http/transport.ts";
import { assertDelivered } from "./answer/assert-delivered.ts";
import { fillParts, type Filling } from "./message/fill-parts.ts";
import { messageKey } from "./message/message-key.ts";
import { notesOf, stateNote } from "./message/notes.ts";
import { readingNotes } from "./message/reading-remedy.ts";
import { WORDS } from "./message/words/words-of-languages.ts";
import { post } from "./post.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import { type ReceiverSettings, secretsOf } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";
import { requestHeaders } from "./request-headers.ts";
import {
  accountIn,
  itemsByAccount,
  itemsOf,
  type ListItem,
  type ListName,
} from "./webhook-lists.ts";
import { problemOfWebhookSecret, signWebhook } from "./webhook-signature.ts";

/** Standard Webhooks recommends payloads of less than 20 kB. */
const MAX_BYTES = 19_999;
/** More changes than five messages have room for. */
const MAX_CHANGES = 2_000;

/**
 * Creates a receiver for a generic endpoint that accepts Standard Webhooks.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
function webhookReceiver(options: ReceiverSettings, transport: Transport): Receiver {
  const { name, type, url } = options;
  const secrets = secretsOf(options);
  const added = requestHeaders(options);
  return {
    name,
    type,
    host: new URL(url).host,
    wantsEveryRun: false,

    compose(alert, share) {
      const notes = noteTexts(alert);
      const fits = (filling: Filling<ListItem>): boolean =>
        Buffer.byteLength(JSON.stringify(bodyOf(alert, notes, filling))) <= MAX_BYTES * share;
      return fillingsOf(alert, fits).map((filling) => {
        const covers = [...filling.items, ...filling.leftOver].flatMap((item) => item.covers);
        const key = messageKey(alert, url, covers, filling.number);
        return { key, body: bodyOf(alert, notes, filling), covers };
      });
    },

    async send({ message, nowMs, budget }) {
      const timestamp = Math.floor(nowMs / 1_000);
      const body = JSON.stringify(message.body);
      const headers = {
        ...added,
        "webhook-id": message.key,
        "webhook-timestamp": String(timestamp),
        ...(secrets.length > 0 && {
          "webhook-signature": signWebhook(secrets, message.key, timestamp, body),
        }),
      };
      const answer = await post({ url, headers, body, dropsRepeats: true, budget }, transport);
      assertDelivered(answer);
      return answer.status;
    },
  };
}

/** The changes one by one, or by account where five messages leave some of them out. */
function fillingsOf(
  alert: Alert,
  fits: (filling: Filling<ListItem>) => boolean,
): readonly Filling<ListItem>[] {
  const { changes } = alert;
  const isOfSeveral = new Set(changes.map(({ finding }) => finding.accountId)).size > 1;
  if (isOfSeveral && changes.length > MAX_CHANGES) return fillParts(itemsByAccount(alert), fits);
  const fillings = fillParts(itemsOf(alert), fits);
  const leavesOut = fillings.some(({ leftOver }) =>
    leftOver.some(({ covers }) => covers.length > 0),
  );
  return isOfSeveral && leavesOut ? fillParts(itemsByAccount(alert), fits) : fillings;
}

/** What is true of all entries, in English: a program may show it to a person. */
function noteTexts(alert: Alert): readonly string[] {
  return [
    ...readingNotes(alert, WORDS.en).map((line) => line.map(({ text }) => text).join("")),
    ...notesOf(alert, alert.findings, "en"),
    ...stateNote(alert, WORDS.en),
  ];
}

function bodyOf(alert: Alert, notes: readonly string[], { items, leftOver }: Filling<ListItem>) {
  const { kind, at, runId, accounts, summary, remembered, evidence } = alert;
  const [accountId = UNKNOWN_ACCOUNT] = accounts;
  const listed = (list: ListName): unknown[] =>
    items.filter((item) => item.list === list).map(({ entry }) => entry);
  const endingExemptions = listed("endingExemptions");
  const changesByAccount = listed("changesByAccount");
  const more = leftOver.reduce((sum, { count }) => sum + count, 0);
  const rules = alert.rules.flatMap(({ card }) => (card === null ? [] : [summarizeRule(card)]));
  return {
    type: `flowlog-guard.${kind}`,
    timestamp: at,
    data: {
      runId,
      ...(accounts.length > 1
        ? { accountId: null, accounts: accounts.length }
        : accountIn(accountId, alert.accountNames)),
      ...(rules.length > 0 && { rules }),
      summary,
      findings: listed("findings"),
      unreadable: listed("unreadable"),
      ...(remembered && { changes: listed("changes") }),
      ...(changesByAccount.length > 0 && { changesByAccount, changeCounts: countEvents(alert) }),
      ...(endingExemptions.length > 0 && { endingExemptions }),
      ...(evidence !== undefined && { evidence }),
      ...(notes.length > 0 && { notes }),
      ...(more > 0 && { more }),
    },
  };
}

/** How many changes there are of each event, in all messages together. */
function countEvents({ changes }: Alert): Readonly<Record<string, number>> {
  const counts = groupBy(changes, ({ event }) => event);
  return Object.fromEntries([...counts].map(([event, { length }]) => [event, length]));
}

/** A generic endpoint: a program reads the messages. */
export const webhook = {
  type: "webhook",
  called: "a generic webhook",
  signature: { problemOfSecret: problemOfWebhookSecret, takesSeveralSecrets: true },
  isOwnServer: true,
  create: webhookReceiver,
} as const satisfies ReceiverDescriptor;
