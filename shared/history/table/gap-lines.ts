import { groupBy } from "../../audit/group-by.ts";
import type { History } from "../history.ts";
import { describeDay } from "../utc-day.ts";
import type { HistoryWords } from "../words/history-words.ts";
import { describeSubject } from "./describe-subject.ts";

/** How many subjects of one gap are named. */
const MAX_NAMED = 3;

/** A line for each gap that subjects have, the oldest first, with the subjects that have it. */
export function gapLines({ subjects }: History, words: HistoryWords): string[] {
  const all = subjects.flatMap((subject) => subject.gaps.map((gap) => ({ subject, gap })));
  const groups = groupBy(all, ({ gap }) => JSON.stringify([gap.from, gap.to, gap.reason]));
  return [...groups.values()]
    .toSorted(([a], [b]) => (a?.gap.from ?? 0) - (b?.gap.from ?? 0))
    .flatMap((group) => {
      const gap = group[0]?.gap;
      if (gap === undefined) return [];
      const { from, to, reason } = gap;
      const span = from === to ? describeDay(from) : words.span(describeDay(from), describeDay(to));
      const named = group.slice(0, MAX_NAMED).map(({ subject }) => describeSubject(subject));
      const whose =
        group.length === subjects.length
          ? [words.everything]
          : [...named, ...(group.length > MAX_NAMED ? [words.more(group.length - MAX_NAMED)] : [])];
      return [words.gapLine(span, to - from + 1, words.gaps[reason], whose)];
    });
}
