import type { Transport } from "../http/transport.ts";
import { type Alert, type Change, isOver } from "../alerts/alert.ts";
import type { Finding } from "../audit/finding.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { problemOfLabelName, problemOfLabelValue } from "./alert-labels.ts";
import { assertDelivered } from "./answer/assert-delivered.ts";
import { cleanText } from "../text/clean-text.ts";
import { messageKey } from "./message/message-key.ts";
import { describeControls, stateNote } from "./message/notes.ts";
import { cardOf, consoleUrl, remedyCommand } from "./message/remedy.ts";
import { describeState } from "./message/change-block.ts";
import { readingRemedy } from "./message/reading-remedy.ts";
import { type Words, WORDS } from "./message/words.ts";
import { post } from "./post.ts";
import type { OwnOptions, OwnSettings, ReceiverDescriptor } from "./receiver-descriptor.ts";
import type { ReceiverSettings } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";
import { requestHeaders } from "./request-headers.ts";

const API_PATH = "/api/v2/alerts";
const TEST_VALID_FOR_MS = 5 * 60_000;

const OWN_OPTIONS = {
  /**
   * How long an alert lasts unless a run renews it. The default, where the schedule is not known, is
   * a few hourly runs.
   */
  validFor: { kind: "duration", shortest: "1m", longest: "365d", defaultMs: 4 * 3_600_000 },
  /** Labels that every alert carries, by name. */
  labels: {
    kind: "texts",
    problemOfName: problemOfLabelName,
    problemOfText: problemOfLabelValue,
  },
} as const satisfies OwnOptions;

type AlertmanagerSettings = ReceiverSettings & OwnSettings<typeof OWN_OPTIONS>;

/** An alert as Alertmanager takes it. */
interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/**
 * Creates a receiver for an Alertmanager, which groups, silences and repeats by itself. Every run
 * posts what is open. An alert is identified by its labels, which are the same from run to run.
 *
 * @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
function alertmanagerReceiver(options: AlertmanagerSettings, transport: Transport): Receiver {
  const { name, type, validForMs = OWN_OPTIONS.validFor.defaultMs, labels = {} } = options;
  const headers = requestHeaders(options);
  const url = alertsUrl(options.url);
  const words = WORDS[options.language];
  return {
    name,
    type,
    host: new URL(url).host,
    wantsEveryRun: true,

    compose(alert) {
      const body = postedAlerts(alert, words, validForMs).map((posted) => ({
        ...posted,
        labels: { ...labels, ...posted.labels },
      }));
      if (body.length === 0) return [];
      const covers = alert.changes;
      return [{ key: messageKey(alert, url, covers, 1), body, covers }];
    },

    async send({ message, budget }) {
      const body = JSON.stringify(message.body);
      const answer = await post({ url, headers, body, dropsRepeats: true, budget }, transport);
      assertDelivered(answer);
      return answer.status;
    },
  };
}

/** The address of the API, of an Alertmanager that may stand under a path of its own. */
function alertsUrl(address: string): string {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith(API_PATH) ? path : `${path}${API_PATH}`;
  return url.href;
}

function postedAlerts(alert: Alert, words: Words, validForMs: number): PostedAlert[] {
  switch (alert.kind) {
    case "test":
      return [testAlert(alert, words)];
    case "summary":
      // It shows how things stand at any time.
      return [];
    case "alert":
      return alert.changes.map((change) => postedAlert(change, alert, words, validForMs));
  }
}

function postedAlert(change: Change, alert: Alert, words: Words, validForMs: number): PostedAlert {
  const { condition, finding, sinceMs } = change;
  const atMs = Date.parse(alert.at);
  const isOpen = condition === "open";
  // An exemption ends the alert at once: nobody is to act on it any more.
  const isEnding = isOver(change) || finding.exemption !== undefined;
  const card = cardOf(alert, finding);
  // What fired under a rule's former id had the labels of the rule that is asked now.
  const labelled = card ?? alert.cards[0];
  return {
    labels: {
      alertname: isOpen ? "VpcFlowLogNotActivated" : "VpcFlowLogStatusUnreadable",
      ...labelsOf(finding, labelled),
      // That nothing is known is as bad whatever the rule.
      ...(isOpen ? labelled && { severity: labelled.severity } : { severity: "warning" }),
    },
    annotations: {
      summary: `${cleanText(finding.regionId)}${words.colon}${describeState(change, words)}`,
      description: [cleanText(finding.reason.message, 500), ...stateNote(alert, words)].join(" "),
      ...(card && annotationsOf(change, card, words)),
    },
    startsAt: new Date(Math.min(sinceMs ?? atMs, atMs)).toISOString(),
    endsAt: new Date(isEnding ? atMs : atMs + validForMs).toISOString(),
    ...(card && { generatorURL: consoleUrl(card, finding) }),
  };
}

/** Labels tell alerts apart, so none of them changes while a rule's alert lasts. */
function labelsOf(
  { ruleId, accountId, regionId }: Finding,
  card: RuleCard | undefined,
): Readonly<Record<string, string>> {
  return {
    rule_id: ruleId,
    account_id: cleanText(accountId),
    region_id: cleanText(regionId),
    ...controlLabel(card),
  };
}

/** The first control that the rule bears on, as `CIS-2.5`. */
function controlLabel(card: RuleCard | undefined): { readonly control?: string } {
  const [control] = card?.controls ?? [];
  if (control === undefined) return {};
  const [publisher] = control.framework.split(" ");
  return { control: `${publisher}-${control.id}` };
}

function annotationsOf(
  change: Change,
  card: RuleCard,
  words: Words,
): Readonly<Record<string, string>> {
  const { finding, event, condition } = change;
  const remedy = condition === "unreadable" ? readingRemedy(finding.reason.code, words) : null;
  const { before, after } = card.remedy;
  const controls = describeControls(card, words);
  return {
    console: consoleUrl(card, finding),
    ...(controls !== "" && { controls }),
    ...(condition === "open" &&
      event !== "resolved" && {
        command: remedyCommand(card, finding),
        command_note: before[words.language],
      }),
    ...(event === "resolved" && { next_step: after[words.language] }),
    ...(remedy !== null && { next_step: remedy }),
  };
}

function testAlert({ at }: Alert, words: Words): PostedAlert {
  return {
    labels: { alertname: "FlowlogGuardTest", severity: "info" },
    annotations: { summary: words.test, description: words.testNote },
    startsAt: at,
    endsAt: new Date(Date.parse(at) + TEST_VALID_FOR_MS).toISOString(),
  };
}

/** An Alertmanager, or what takes alerts as one. */
export const alertmanager = {
  type: "alertmanager",
  called: "an Alertmanager",
  language: "en",
  isOwnServer: true,
  ownOptions: OWN_OPTIONS,
  create: alertmanagerReceiver,
} as const satisfies ReceiverDescriptor;
