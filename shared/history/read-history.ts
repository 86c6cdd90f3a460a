import type { RuleCard } from "../audit/rule-card.ts";
import type { EvidenceArchive } from "../evidence/evidence-archive.ts";
import { MANIFEST_SUFFIX } from "../evidence/manifest.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { History, HistoryWindow, UnusableRun } from "./history.ts";
import { Ledger } from "./ledger.ts";
import { makeHistory } from "./make-history.ts";
import { type KeptRun, readKeptRun } from "./read-kept-run.ts";
import { parseDay, type UtcDay } from "./utc-day.ts";

/** Milliseconds for one call to the archive, its own attempts included. */
const CALL_TIMEOUT_MS = 120_000;
/** How many runs are read ahead. A report may have 20 MB, so few. */
const READ_AHEAD = 3;

/**
 * Reads the kept runs of a window one after another, each only where its manifest and its digest are
 * right, and makes a history of them.
 *
 * @param rules - the cards of all rules that this version knows, in the order in which they are listed
 * @throws `EvidenceError` when the archive cannot be read
 */
export async function readHistory(
  archive: EvidenceArchive,
  rules: readonly RuleCard[],
  window: HistoryWindow,
): Promise<History> {
  const names = await within((limit) => archive.list(limit));
  const kept = names.flatMap((name) => namedRun(name, window));
  const ledger = new Ledger(kept.map(({ day }) => day));
  const unusable: UnusableRun[] = [];
  const read = ({ name }: NamedRun): Promise<KeptRun> =>
    within((limit) => readKeptRun(archive, name, rules, limit));
  for await (const [{ name, day }, run] of readInOrder(kept, read)) {
    if ("report" in run) ledger.add(run.report);
    else unusable.push({ name, day, ...run.problem });
  }
  return makeHistory(ledger, rules, window, unusable);
}

interface NamedRun {
  readonly name: string;
  readonly day: UtcDay;
}

/** A run that the name of its manifest puts on a day of the window. */
function namedRun(name: string, { from, to }: HistoryWindow): NamedRun[] {
  if (!name.endsWith(MANIFEST_SUFFIX)) return [];
  const day = parseDay(name.split("/").slice(0, 3).join("-"));
  return day === null || day > to || (from !== null && day < from) ? [] : [{ name, day }];
}

/** Reads items a few ahead, and hands them over in their order. */
async function* readInOrder<T, R>(
  items: readonly T[],
  read: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R]> {
  const underWay: Promise<R>[] = [];
  for (const [index, item] of items.entries()) {
    for (const ahead of items.slice(index + underWay.length, index + READ_AHEAD)) {
      const reading = read(ahead);
      // It rejects when its turn comes; until then nobody waits for it.
      reading.catch(() => {});
      underWay.push(reading);
    }
    const next = underWay.shift();
    if (next !== undefined) yield [item, await next];
  }
}

async function within<T>(call: (limit: TimeBudget) => Promise<T>): Promise<T> {
  const limit = startTimeBudget(CALL_TIMEOUT_MS, "TIMEOUT");
  try {
    return await call(limit);
  } finally {
    limit.release();
  }
}
