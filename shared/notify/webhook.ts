import type { Alert, Change } from "../alerts/alert.ts";
import type { Finding } from "../audit/finding.ts";
import { SEVERITIES, summarizeRule } from "../audit/rule-card.ts";
import { keyOf } from "../audit/subject.ts";
import type { Transport } from "../http/transport.ts";
import { assertDelivered } from "./answer/assert-delivered.ts";
import { fillParts, type Filling } from "./message/fill-parts.ts";
import { messageKey } from "./message/message-key.ts";
import { notesOf, stateNote } from "./message/notes.ts";
import { readingNotes } from "./message/reading-remedy.ts";
import { remedyOf } from "./message/remedy.ts";
import { WORDS } from "./message/words/words-of-languages.ts";
import { post } from "./post.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import { type ReceiverSettings, secretsOf } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";
import { requestHeaders } from "./request-headers.ts";
import { problemOfWebhookSecret, signWebhook } from "./webhook-signature.ts";

/** Standard Webhooks recommends payloads of less than 20 kB. */
const MAX_BYTES = 19_999;

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
      const fits = (filling: Filling<Item>): boolean =>
        Buffer.byteLength(JSON.stringify(bodyOf(alert, notes, filling))) <= MAX_BYTES * share;
      return fillParts(itemsOf(alert), fits).map((filling) => {
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

/** One entry of one of the body's lists. */
interface Item {
  readonly list: "changes" | "findings" | "unreadable" | "endingExemptions";
  readonly entry: unknown;
  readonly covers: readonly Change[];
}

/** The entries of the lists, changes first. Without a state the findings are the changes. */
function itemsOf(alert: Alert): Item[] {
  const { changes, remembered, findings, unreadable, endingExemptions } = alert;
  const changeOf = new Map(changes.map((change) => [keyOf(change.finding), change]));
  const isNotified = (finding: Finding): boolean =>
    alert.kind === "alert" && !remembered && !changeOf.has(keyOf(finding));
  return [
    ...(remembered ? changeItems(alert) : []),
    ...findings
      .filter((finding) => !isNotified(finding))
      .map((finding) => {
        const change = remembered ? undefined : changeOf.get(keyOf(finding));
        return {
          list: "findings" as const,
          entry: finding,
          covers: change === undefined ? [] : [change],
        };
      }),
    ...unreadable.map((entry) => ({ list: "unreadable" as const, entry, covers: [] })),
    ...endingExemptions.map((entry) => ({ list: "endingExemptions" as const, entry, covers: [] })),
  ];
}

/** The most severe rule first, since a message may have no room for the last changes. */
function changeItems({ changes, rules }: Pick<Alert, "changes" | "rules">): Item[] {
  const cards = new Map(rules.map(({ id, card }) => [id, card]));
  const severityOf = ({ finding }: Change): number => {
    const card = cards.get(finding.ruleId);
    return card ? SEVERITIES.indexOf(card.severity) : SEVERITIES.length;
  };
  const ordered = changes.toSorted((a, b) => severityOf(a) - severityOf(b));
  return ordered.map((change) => {
    const { event, finding, sinceMs } = change;
    const { ruleId, accountId, regionId, resource } = finding;
    const card = cards.get(ruleId);
    const entry = {
      event,
      ruleId,
      accountId,
      regionId,
      ...(resource !== undefined && { resource }),
      since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
      status: finding.status,
      code: finding.reason.code,
      ...(card && { console: remedyOf(card, finding).consoleUrl }),
    };
    return { list: "changes" as const, entry, covers: [change] };
  });
}

/** What is true of all entries, in English: a program may show it to a person. */
function noteTexts(alert: Alert): readonly string[] {
  return [
    ...readingNotes(alert, WORDS.en).map((line) => line.map(({ text }) => text).join("")),
    ...notesOf(alert, alert.findings, "en"),
    ...stateNote(alert, WORDS.en),
  ];
}

function bodyOf(alert: Alert, notes: readonly string[], { items, leftOver }: Filling<Item>) {
  const { kind, at, runId, accountId, summary, remembered } = alert;
  const listed = (list: Item["list"]): unknown[] =>
    items.filter((item) => item.list === list).map(({ entry }) => entry);
  const endingExemptions = listed("endingExemptions");
  const rules = alert.rules.flatMap(({ card }) => (card === null ? [] : [summarizeRule(card)]));
  return {
    type: `flowlog-guard.${kind}`,
    timestamp: at,
    data: {
      runId,
      accountId,
      ...(rules.length > 0 && { rules }),
      summary,
      findings: listed("findings"),
      unreadable: listed("unreadable"),
      ...(remembered && { changes: listed("changes") }),
      ...(endingExemptions.length > 0 && { endingExemptions }),
      ...(notes.length > 0 && { notes }),
      ...(leftOver.length > 0 && { more: leftOver.length }),
    },
  };
}

/** A generic endpoint: a program reads the messages. */
export const webhook = {
  type: "webhook",
  called: "a generic webhook",
  signature: { problemOfSecret: problemOfWebhookSecret, takesSeveralSecrets: true },
  isOwnServer: true,
  create: webhookReceiver,
} as const satisfies ReceiverDescriptor;
