import picocolors from "picocolors";

import { ConfigError } from "../../shared/audit/run-error.ts";
import { mayBeNotified } from "../../shared/alerts/decide.ts";
import type { Entry, ConditionRecord, State } from "../../shared/alerts/alert-state.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { cleanText } from "../../shared/text/clean-text.ts";
import { inColumns, plain, type Row } from "../../shared/text/columns.ts";
import { serializeDocument } from "../../shared/state/state-document.ts";
import { newRunId } from "../../shared/run/run-id.ts";
import { type CredentialsFlags, credentialsFinder } from "./audit-from-here.ts";
import { type ConfigFlags, configFrom } from "./config-options.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";
import { openLocalState } from "./local-state.ts";
import { showsColors, writeStderr, type CliRuntime, write } from "./cli-runtime.ts";

export interface StateShowFlags extends ConfigFlags, CredentialsFlags {
  readonly format: StateFormat;
}

/** How a state can be printed. */
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
  const notes = warnings.map((warning) => `flowlog-guard: ${warning}\n`).join("");
  await writeStderr(runtime, notes);
  const text =
    flags.format === "json" ? withoutUnseen(serializeDocument(state)) : describe(state, runtime);
  await write(runtime.stdout, text);
  return EXIT_CODES.ALL_WELL;
}

/** JSON in which what moves a terminal's cursor, or turns its text round, is written as `\u…`. */
function withoutUnseen(json: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replaceAll(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (unseen) =>
    unseen.replaceAll(/[^]/g, escape),
  );
}

/** A dozen receivers are more than a line shows. */
const MAX_CELL_BYTES = 1_000;
const HEAD = ["REGION", "ACCOUNT", "LAST KNOWN", "SINCE", "TOLD"];

/**
 * A line for each condition of a region that holds, or that a receiver has yet to confirm as over. Whoever can write to
 * the state says what is in it, and must say no more than text.
 */
function describe({ entries }: State, { stdout, env }: CliRuntime): string {
  const colors = picocolors.createColors(showsColors(stdout, env));
  const head = { cells: HEAD, paints: HEAD.map(() => colors.dim) };
  const rows = entries.flatMap((entry) => {
    const { regionId, accountId } = entry;
    return conditionsOf(entry).map(([condition, since, notified]): Row => {
      const paint = since === null ? plain : colors.red;
      const cells = [
        regionId,
        accountId,
        condition,
        since === null ? "-" : timeOf(since),
        notified,
      ].map((cell) => cleanText(cell, MAX_CELL_BYTES));
      return { cells, paints: [plain, plain, paint] };
    });
  });
  return rows.length === 0 ? "Nothing is remembered.\n" : `${inColumns([head, ...rows])}\n`;
}

type ConditionRow = readonly [condition: string, sinceMs: number | null, notified: string];

function conditionsOf({ open, unreadable, notified }: Entry): ConditionRow[] {
  const runs = unreadable?.runs === 1 ? "1 run" : `${unreadable?.runs} runs`;
  return [
    ...(open
      ? [[open.code, open.sinceMs, describeNotified(notified, "open")] as const]
      : notYetEnded(notified, "open")),
    ...(unreadable
      ? [
          [
            `${unreadable.code}, ${runs}`,
            unreadable.sinceMs,
            describeNotified(notified, "unreadable"),
          ] as const,
        ]
      : notYetEnded(notified, "unreadable")),
  ];
}

/** A condition that is over, as long as a receiver has not confirmed that it was told so. */
function notYetEnded(notified: Entry["notified"], which: "open" | "unreadable"): ConditionRow[] {
  if (!Object.values(notified).some((known) => mayBeNotified(known[which]))) return [];
  const over = which === "open" ? "over, not activated" : "over, not readable";
  return [[over, null, describeNotified(notified, which)]];
}

/** Who was told of a condition and when; what may not have arrived is marked. */
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
