import { type Alert, type Change, isInapplicable, isOver } from "../alerts/alert.ts";
import type { Remedy, RuleCard } from "../audit/rule-card.ts";
import type { Transport } from "../http/transport.ts";
import { cleanText } from "../text/clean-text.ts";
import { problemOfLabelName, problemOfLabelValue } from "./alert-labels.ts";
import { assertDelivered } from "./answer/assert-delivered.ts";
import { describeState } from "./message/change-block.ts";
import { messageKey } from "./message/message-key.ts";
import { describeControls, stateNote } from "./message/notes.ts";
import { readingRemedy } from "./message/reading-remedy.ts";
import { remedyOf } from "./message/remedy.ts";
import { type RuleText, ruleTextsOf } from "./message/rule-text.ts";
import { joined, wordsSpan } from "./message/spans.ts";
import { resourceId, resourceName, subjectId } from "./message/subject-name.ts";
import type { Words } from "./message/words.ts";
import { WORDS } from "./message/words/words-of-languages.ts";
import { post } from "./post.ts";
import type { OwnOptions, OwnSettings, ReceiverDescriptor } from "./receiver-descriptor.ts";
import type { ReceiverSettings } from "./receiver-options.ts";
import type { Message, Receiver } from "./receiver.ts";
import { requestHeaders } from "./request-headers.ts";

const API_PATH = "/api/v2/alerts";
const TEST_VALID_FOR_MS = 5 * 60_000;
/**
 * Of one request. A server in front of an Alertmanager often accepts 1 MB.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size
 */
const MAX_BYTES = 900_000;
/** Bytes of an account's name. */
const MAX_NAME_BYTES = 60;

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

/** An alert in Alertmanager's format. */
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
 * posts what is open, in as many requests as that needs: what people get of it, the Alertmanager
 * decides. An alert is identified by its labels, which are the same from run to run. There is one for
 * each subject however many there are: an alert that stands for others by count would end them.
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

    compose(alert, share) {
      const posted = postedAlerts(alert, words, validForMs).map((each) => ({
        ...each,
        labels: { ...labels, ...each.labels },
      }));
      return batchesOf(posted, MAX_BYTES * share).map(({ from, batch: body }, index): Message => {
        const covers = alert.changes.slice(from, from + body.length);
        return { key: messageKey(alert, url, covers, index + 1), body, covers };
      });
    },

    async send({ message, budget }) {
      const body = JSON.stringify(message.body);
      const answer = await post({ url, headers, body, dropsRepeats: true, budget }, transport);
      assertDelivered(answer);
      return answer.status;
    },
  };
}

/** Consecutive alerts that fit into one request, with the index of the first. */
interface Batch {
  readonly from: number;
  readonly batch: readonly PostedAlert[];
}

function batchesOf(posted: readonly PostedAlert[], maxBytes: number): Batch[] {
  const batches: { from: number; batch: PostedAlert[] }[] = [];
  let bytes = Infinity;
  for (const [index, alert] of posted.entries()) {
    const own = Buffer.byteLength(JSON.stringify(alert)) + 1;
    bytes += own;
    if (bytes <= maxBytes) batches.at(-1)?.batch.push(alert);
    else {
      batches.push({ from: index, batch: [alert] });
      bytes = own;
    }
  }
  return batches;
}

/** The address of the API; an Alertmanager can be served below a path. */
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
      // Alertmanager itself shows what is open at any time.
      return [];
    case "alert": {
      const textOf = ruleTextsOf(alert, words);
      return alert.changes.map((change) =>
        postedAlert(change, textOf(change.finding.ruleId), alert, words, validForMs),
      );
    }
  }
}

function postedAlert(
  change: Change,
  rule: RuleText,
  alert: Alert,
  words: Words,
  validForMs: number,
): PostedAlert {
  const { finding, sinceMs } = change;
  const { card } = rule;
  const atMs = Date.parse(alert.at);
  // An exemption ends the alert at once: it leaves nothing to act on.
  const isEnding = isOver(change) || finding.exemption !== undefined;
  const name = joined(
    [[wordsSpan(subjectId(finding))], resourceName(finding)].filter(({ length }) => length > 0),
    " ",
  );
  const remedy = card && remedyOf(card, finding);
  return {
    labels: labelsOf(change, card),
    annotations: {
      summary: `${name.map(({ text }) => text).join("")}${words.colon}${describeState(change, rule, words)}`,
      description: [cleanText(finding.reason.message, 500), ...stateNote(alert, words)].join(" "),
      ...accountAnnotation(finding.accountId, alert),
      ...(card && remedy && annotationsOf(change, card, remedy, words)),
    },
    startsAt: new Date(Math.min(sinceMs ?? atMs, atMs)).toISOString(),
    endsAt: new Date(isEnding ? atMs : atMs + validForMs).toISOString(),
    ...(remedy && { generatorURL: remedy.consoleUrl }),
  };
}

/** The names of alerts about a rule that this version does not know. */
const UNKNOWN_RULE_NAMES = {
  open: "RuleNotCompliant",
  unreadable: "RuleStatusUnreadable",
} as const;

/**
 * Labels identify an alert, so none of them changes while it lasts. An alert about a rule that is not
 * known has no label of another rule.
 */
function labelsOf(
  { condition, finding }: Change,
  card: RuleCard | null,
): Readonly<Record<string, string>> {
  const { ruleId, accountId, regionId, resource } = finding;
  // An unreadable subject has the same severity for every rule.
  const severity = condition === "unreadable" ? "warning" : card?.severity;
  return {
    alertname: (card?.alertNames ?? UNKNOWN_RULE_NAMES)[condition],
    rule_id: ruleId,
    account_id: cleanText(accountId),
    region_id: cleanText(regionId),
    ...(resource !== undefined && {
      resource_id: resourceId(resource),
      resource_type: cleanText(resource.type),
    }),
    ...controlLabel(card),
    ...(severity !== undefined && { severity }),
  };
}

/** The first control of the rule, as `CIS-2.5`. */
function controlLabel(card: RuleCard | null): { readonly control?: string } {
  const [control] = card?.controls ?? [];
  if (control === undefined) return {};
  const [publisher] = control.framework.split(" ");
  return { control: `${publisher}-${control.id}` };
}

function annotationsOf(
  change: Change,
  card: RuleCard,
  { command, consoleUrl, before, after }: Remedy,
  words: Words,
): Readonly<Record<string, string>> {
  const { finding, event, condition } = change;
  const { language } = words;
  const reading =
    condition === "unreadable" ? readingRemedy(finding.reason.code, card, words) : null;
  const isCompliant = event === "resolved" && !isInapplicable(change);
  const nextStep = isCompliant ? (after?.note[language] ?? null) : reading;
  const controls = describeControls(card, words);
  const isToMend = condition === "open" && event !== "resolved";
  return {
    console: consoleUrl,
    ...(controls !== "" && { controls }),
    ...(isToMend && command !== null && { command }),
    ...(isToMend && before !== null && { command_note: before[language] }),
    ...(nextStep !== null && { next_step: nextStep }),
  };
}

/** What the account is called is no label: an account that is renamed would have a new alert. */
function accountAnnotation(
  accountId: string,
  { accountNames }: Alert,
): { readonly account_name?: string } {
  const name = cleanText(accountNames.get(accountId) ?? "", MAX_NAME_BYTES);
  return name === "" ? {} : { account_name: name };
}

function testAlert({ at }: Alert, words: Words): PostedAlert {
  return {
    labels: { alertname: "FlowlogGuardTest", severity: "info" },
    annotations: { summary: words.test, description: words.testNote },
    startsAt: at,
    endsAt: new Date(Date.parse(at) + TEST_VALID_FOR_MS).toISOString(),
  };
}

/** An Alertmanager, or a server with the same API. */
export const alertmanager = {
  type: "alertmanager",
  called: "an Alertmanager",
  language: "en",
  isOwnServer: true,
  ownOptions: OWN_OPTIONS,
  create: alertmanagerReceiver,
} as const satisfies ReceiverDescriptor;
