import picocolors from "picocolors";

import type { Entry, ConditionRecord, State } from "../../../../shared/alerts/alert-state.ts";
import { mayBeNotified } from "../../../../shared/alerts/decide.ts";
import type { RuleCard } from "../../../../shared/audit/rule-card.ts";
import { ConfigError } from "../../../../shared/audit/run-error.ts";
import { createTransport } from "../../../../shared/http/transport.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import { serializeDocument } from "../../../../shared/state/serialize-document.ts";
import { cleanText } from "../../../../shared/text/clean-text.ts";
import { inColumns, plain, type Row } from "../../../../shared/text/columns.ts";
import { escapeInvisible } from "../../../../shared/text/escape-invisible.ts";
import { showsColors, writeNotes, type CliRuntime, write } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom } from "../../flags/config-options.ts";
import { type CredentialsFlags, credentialsFinder } from "../../local/local-audit.ts";
import { openLocalState } from "../../local/local-state.ts";

export interface StateShowFlags extends ConfigFlags, CredentialsFlags {
  readonly format: StateFormat;
}

/** The formats in which a state is printed. */
export const STATE_FORMATS = ["table", "json"] as const;
export type StateFormat = (typeof STATE_FORMATS)[number];

/**
 * Prints what is remembered from run to run, and changes nothing.
 *
 * @throws `ConfigError` when no state is configured
 * @throws `CredentialsError` when it is in OSS, and the chosen credentials cannot be used
 * @throws `StateError` when it cannot be read
 */
export async function runStateShowCommand(
  flags: StateShowFlags,
  runtime: CliRuntime,
): Promise<ExitCode> {
  const config = configFrom(flags, runtime.env);
  if (config.state.kind === "none") {
    throw new ConfigError([
      "state: none is configured. Set FLOWLOG_GUARD_STATE, or state in the configuration file.",
    ]);
  }
  using transport = createTransport(config.proxy);
  const store = await openLocalState(config, runtime, transport, async () => {
    const finder = await credentialsFinder(flags, config, runtime);
    return finder.find(newRunId(), transport);
  });
  if (store === null) throw new Error("a state that is configured can be opened");
  const { state, warnings } = await store.read();
  await writeNotes(runtime, warnings);
  const text =
    flags.format === "json"
      ? escapeInvisible(serializeDocument(state))
      : describe(state, await loadRules(state.entries.map(({ ruleId }) => ruleId)), runtime);
  await write(runtime.stdout, text);
  return EXIT_CODES.ALL_WELL;
}

/** Limits a cell: a state can have dozens of receivers. */
const MAX_CELL_BYTES = 1_000;

/**
 * A line for each condition that lasts, or whose end a receiver has yet to confirm. Rules and resources
 * have a column where they distinguish lines. The state is text from outside, so each cell is cleaned.
 */
function describe(
  { entries }: State,
  cards: readonly RuleCard[],
  { stdout, env }: CliRuntime,
): string {
  const colors = picocolors.createColors(showsColors(stdout, env));
  const withRules = new Set(entries.map(({ ruleId }) => ruleId)).size > 1;
  const withResources = entries.some(({ resource }) => resource !== undefined);
  const subjectColumns: readonly (readonly [head: string, cellOf: (entry: Entry) => string])[] = [
    ...(withRules ? [["RULE", ({ ruleId }: Entry) => ruleId] as const] : []),
    ["REGION", ({ regionId }) => regionId],
    ...(withResources ? [["RESOURCE", ({ resource }: Entry) => resource?.id ?? "-"] as const] : []),
    ["ACCOUNT", ({ accountId }) => accountId],
  ];
  const heads = [...subjectColumns.map(([head]) => head), "LAST KNOWN", "SINCE", "NOTIFIED"];
  const head = { cells: heads, paints: heads.map(() => colors.dim) };
  const rows = entries.flatMap((entry) => {
    const subject = subjectColumns.map(([, cellOf]) => cellOf(entry));
    const card = cards.find(({ id }) => id === entry.ruleId);
    return conditionsOf(entry, card).map(([condition, since, notified]): Row => {
      const paint = since === null ? plain : colors.red;
      const cells = [...subject, condition, since === null ? "-" : timeOf(since), notified].map(
        (cell) => cleanText(cell, MAX_CELL_BYTES),
      );
      return { cells, paints: [...subject.map(() => plain), paint] };
    });
  });
  return rows.length === 0 ? "Nothing is remembered.\n" : `${inColumns([head, ...rows])}\n`;
}

type ConditionRow = readonly [condition: string, sinceMs: number | null, notified: string];

function conditionsOf(entry: Entry, card: RuleCard | undefined): ConditionRow[] {
  const { open, unreadable, notified } = entry;
  const runs = unreadable?.runs === 1 ? "1 run" : `${unreadable?.runs} runs`;
  return [
    ...(open
      ? [[open.code, open.sinceMs, describeNotified(notified, "open")] as const]
      : notYetEnded(entry, card, "open")),
    ...(unreadable
      ? [
          [
            `${unreadable.code}, ${runs}`,
            unreadable.sinceMs,
            describeNotified(notified, "unreadable"),
          ] as const,
        ]
      : notYetEnded(entry, card, "unreadable")),
  ];
}

/** A condition that is over, until every receiver has confirmed that. */
function notYetEnded(
  entry: Entry,
  card: RuleCard | undefined,
  which: "open" | "unreadable",
): ConditionRow[] {
  const { notified } = entry;
  if (!Object.values(notified).some((known) => mayBeNotified(known[which]))) return [];
  const over = which === "open" ? describeLastCode(entry, card) : "not readable";
  return [[`over, ${over}`, null, describeNotified(notified, which)]];
}

/** In the words of the rule's card, where they identify what a receiver was notified of. */
function describeLastCode({ notified }: Entry, card: RuleCard | undefined): string {
  const reasons = Object.entries(card?.reasons ?? {});
  const codes = Object.values(notified).flatMap(({ open }) => open.confirmed?.code ?? []);
  const possible = reasons.filter(
    ([code, { status }]) =>
      status === "NON_COMPLIANT" && (codes.length === 0 || codes.includes(code)),
  );
  return possible.length === 1 ? (possible[0]?.[1].en ?? "") : "not compliant";
}

/** Which receivers were notified of a condition, and when; what may not have arrived is marked. */
function describeNotified(notified: Entry["notified"], which: "open" | "unreadable"): string {
  return (
    Object.entries(notified)
      .flatMap(([name, known]) => describeRecord(known[which]).map((last) => `${name} ${last}`))
      .join(", ") || "nobody"
  );
}

function describeRecord({ confirmed, unconfirmed }: ConditionRecord): string[] {
  return [
    ...(confirmed === null ? [] : [timeOf(confirmed.atMs)]),
    ...(unconfirmed === null
      ? []
      : [`${unconfirmed.event} ${timeOf(unconfirmed.atMs)} unconfirmed`]),
  ];
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z");
}
