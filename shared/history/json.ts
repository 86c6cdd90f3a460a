import type { Control } from "../audit/rule-card.ts";
import { escapeInvisible } from "../text/escape-invisible.ts";
import { changesOf } from "./changes.ts";
import type { HistoryFormat, HistoryOptions } from "./history-format.ts";
import type {
  AccountHistory,
  DaySpan,
  Gap,
  History,
  Period,
  SubjectHistory,
  TrailHistory,
  UnusableRun,
} from "./history.ts";
import { describeDay } from "./utc-day.ts";

/** The history as a program reads it. Within a `schemaVersion` fields are only added. */
export interface HistoryDocument {
  readonly schemaVersion: 1;
  readonly evidence: string;
  readonly madeAt: string;
  /** Days in UTC, both included; `from` is null where the history begins with the first kept run. */
  readonly window: { readonly from: string | null; readonly to: string };
  readonly runs: {
    readonly used: number;
    readonly first: string | null;
    readonly last: string | null;
    readonly unusable: readonly (Omit<UnusableRun, "day"> & { readonly day: string })[];
  };
  readonly controls: readonly {
    readonly control: Control | null;
    readonly ruleId: string;
    readonly accounts: readonly (Omit<AccountHistory, "calendar"> & {
      readonly calendar: readonly Dated<DaySpan>[];
    })[];
  }[];
  /** What two runs observed differently, and what ActionTrail recorded between them. */
  readonly changes: readonly {
    readonly ruleId: string;
    readonly accountId: string;
    readonly regionId: string;
    readonly resource: SubjectHistory["resource"];
    readonly before: Period;
    readonly after: Period;
    /** The ids of events that may have been the change. */
    readonly eventIds: readonly string[];
  }[];
  readonly trail: TrailHistory | null;
  readonly subjects: readonly (Omit<SubjectHistory, "gaps"> & {
    readonly accountName: string | null;
    readonly gaps: readonly (Dated<Gap> & { readonly days: number })[];
  })[];
}

type Dated<T> = Omit<T, "from" | "to"> & { readonly from: string; readonly to: string };

/** Makes the document of a history. */
export function historyDocument(
  history: History,
  { evidence, madeAt }: Pick<HistoryOptions, "evidence" | "madeAt">,
): HistoryDocument {
  const { window, runs, controls, subjects, accountNames, trail } = history;
  return {
    schemaVersion: 1,
    evidence,
    madeAt,
    window: {
      from: window.from === null ? null : describeDay(window.from),
      to: describeDay(window.to),
    },
    runs: {
      ...runs,
      unusable: runs.unusable.map((run) => ({ ...run, day: describeDay(run.day) })),
    },
    controls: controls.map(({ accounts, ...control }) => ({
      ...control,
      accounts: accounts.map(({ calendar, ...account }) => ({
        ...account,
        calendar: calendar.map(dated),
      })),
    })),
    changes: changesOf(history).map(({ subject, before, after, events }) => ({
      ruleId: subject.ruleId,
      accountId: subject.accountId,
      regionId: subject.regionId,
      resource: subject.resource,
      before,
      after,
      eventIds: events.map(({ eventId }) => eventId),
    })),
    trail,
    subjects: subjects.map(({ gaps, ...subject }) => ({
      ...subject,
      accountName: accountNames.get(subject.accountId) ?? null,
      gaps: gaps.map((gap) => ({ ...dated(gap), days: gap.to - gap.from + 1 })),
    })),
  };
}

function dated<T extends { readonly from: number; readonly to: number }>(span: T): Dated<T> {
  return { ...span, from: describeDay(span.from), to: describeDay(span.to) };
}

/** For programs. */
export const json = {
  extension: "json",
  render: (history, options) =>
    escapeInvisible(`${JSON.stringify(historyDocument(history, options), null, 2)}\n`),
} as const satisfies HistoryFormat;
