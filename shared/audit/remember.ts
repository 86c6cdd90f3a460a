import type { Change } from "./alert.ts";
import { toldAfter } from "./decide.ts";
import { type Report, UNKNOWN_ACCOUNT } from "./report.ts";
import {
  type Entry,
  keyOf,
  MAX_CLOCK_AHEAD_MS,
  NOTHING_TOLD,
  observe,
  type Sight,
  type State,
  type Told,
} from "./state.ts";

/** When regions that were not seen again, since they left the scope, are forgotten. */
const FORGET_AFTER_MS = 30 * 86_400_000;

/**
 * The state with what a run has seen, and nothing of it told yet. A region that a run which began
 * later has seen meanwhile stays as that one left it.
 *
 * @param receivers - the names of those that are there to be told
 */
export function rememberSeen(
  before: State,
  { findings, scope }: Report,
  receivers: readonly string[],
  run: Sight,
): State {
  const sane = notAhead(before, run);
  // Once the account is known, nothing would ever be heard again of the one that was not.
  const isKnown = !scope.accounts.includes(UNKNOWN_ACCOUNT);
  const all = new Map(
    sane.entries
      .filter(({ accountId }) => !(isKnown && accountId === UNKNOWN_ACCOUNT))
      .map((entry) => [keyOf(entry), entry]),
  );
  const entries = new Map(
    [...all].filter(([, { seenAtMs }]) => run.finishedAtMs - seenAtMs < FORGET_AFTER_MS),
  );
  for (const finding of findings) {
    const known = all.get(keyOf(finding));
    if (known !== undefined && known.seenAtMs > run.startedAtMs) continue;
    entries.set(keyOf(finding), observe(known, finding, run));
  }
  // A receiver's first summary is due a whole interval after it was first seen.
  const firstSeen = receivers.map((name) => [name, { summaryAtMs: run.finishedAtMs }] as const);
  return {
    ...sane,
    entries: [...entries.values()],
    receivers: { ...Object.fromEntries(firstSeen), ...sane.receivers },
  };
}

/** The state once a receiver has accepted news. */
export function rememberTold(
  state: State,
  receiver: string,
  changes: readonly Change[],
  atMs: number,
): State {
  const entries = new Map(state.entries.map((entry) => [keyOf(entry), entry]));
  for (const change of changes) {
    const entry = entries.get(keyOf(change.finding));
    if (entry === undefined) continue;
    const told = toldAfter(toldTo(receiver, entry), change, entry, atMs);
    entries.set(keyOf(entry), { ...entry, told: { ...entry.told, [receiver]: told } });
  }
  return { ...state, entries: [...entries.values()] };
}

/** The state once a receiver has accepted a summary. */
export function rememberSummary(state: State, receiver: string, atMs: number): State {
  return { ...state, receivers: { ...state.receivers, [receiver]: { summaryAtMs: atMs } } };
}

/**
 * A state without times that are still to come, which a wrong clock has left: nobody would be told
 * anything until then.
 */
function notAhead(state: State, { startedAtMs, finishedAtMs }: Sight): State {
  const notAfter = (timeMs: number, limitMs: number): number =>
    timeMs > finishedAtMs + MAX_CLOCK_AHEAD_MS ? limitMs : timeMs;
  const toldBy = <T extends { readonly atMs: number }>(news: T | null): T | null =>
    news && { ...news, atMs: notAfter(news.atMs, finishedAtMs) };
  return {
    ...state,
    entries: state.entries.map((entry) => ({
      ...entry,
      seenAtMs: notAfter(entry.seenAtMs, startedAtMs),
      told: mapValues(entry.told, ({ open, blind }) => ({
        open: toldBy(open),
        blind: toldBy(blind),
      })),
    })),
    receivers: mapValues(state.receivers, ({ summaryAtMs }) => ({
      summaryAtMs: notAfter(summaryAtMs, finishedAtMs),
    })),
  };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** What a receiver has accepted of an entry. */
export function toldTo(receiver: string, { told }: Entry): Told {
  return ownValue(told, receiver) ?? NOTHING_TOLD;
}

/** What stands under a name; a receiver may be called `constructor`, which every object has. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
