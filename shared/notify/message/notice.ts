import {
  type Alert,
  type Change,
  type ChangeEvent,
  type Condition,
  isExempted,
  isInapplicable,
  isOver,
} from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { keyOf } from "../../audit/subject.ts";

/** What a subject counts as in a message, the most urgent first. */
export const NOTICE_KINDS = [
  "opened",
  "stillOpen",
  "unreadable",
  "stillUnreadable",
  "resolved",
  "inapplicable",
  "readable",
  "exempt",
  "unscoped",
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** All that a message says of one subject: one that was open and is unreadable counts once. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly finding: Finding;
  /** The most urgent one first. */
  readonly changes: readonly Change[];
  /** Where the subject cannot be read: that it was not compliant when last read, and since when. */
  readonly wasOpen: { readonly sinceMs: number | null } | null;
}

/** The subjects that an alert is about, the most urgent ones first. */
export function noticesOf({ changes, openSince }: Pick<Alert, "changes" | "openSince">): Notice[] {
  return [...groupBy(changes, ({ finding }) => keyOf(finding)).values()]
    .map((about) => toNotice(about, openSince))
    .toSorted((a, b) => urgencyOf(a.kind) - urgencyOf(b.kind));
}

function toNotice(about: readonly Change[], openSince: Alert["openSince"]): Notice {
  const changes = about.toSorted((a, b) => urgencyOf(kindOf(a)) - urgencyOf(kindOf(b)));
  // Of a subject that cannot be read, the change that says so.
  const [first = changes[0]] = changes.filter((change) => !isOpenUnread(change));
  if (first === undefined) throw new Error("a notice is about a change");
  const open = changes.find(isOpenUnread);
  const { finding } = first;
  const openSinceMs = openSince?.get(keyOf(finding));
  const isKnownOpen = open !== undefined || openSinceMs !== undefined;
  const kind = kindOf(first);
  const wasOpen =
    isUnreadable({ kind }) && finding.status === "INSUFFICIENT_DATA" && isKnownOpen
      ? { sinceMs: openSinceMs ?? open?.sinceMs ?? null }
      : null;
  return { kind, finding, changes, wasOpen };
}

function urgencyOf(kind: NoticeKind): number {
  return NOTICE_KINDS.indexOf(kind);
}

const KINDS: Readonly<Record<Condition, Readonly<Record<ChangeEvent, NoticeKind>>>> = {
  open: {
    opened: "opened",
    changed: "opened",
    reminder: "stillOpen",
    resolved: "resolved",
    unreadable: "unreadable",
    readable: "readable",
    unscoped: "unscoped",
  },
  unreadable: {
    opened: "unreadable",
    changed: "unreadable",
    reminder: "stillUnreadable",
    resolved: "resolved",
    unreadable: "unreadable",
    readable: "readable",
    unscoped: "unscoped",
  },
};

function kindOf(change: Change): NoticeKind {
  if (isExempted(change)) return "exempt";
  if (isInapplicable(change)) return "inapplicable";
  return isOpenUnread(change) ? "unreadable" : KINDS[change.condition][change.event];
}

/** Whether a change is about an open subject that this run could not read: it was open when last read. */
function isOpenUnread(change: Change): boolean {
  const { condition, finding } = change;
  return condition === "open" && !isOver(change) && finding.status === "INSUFFICIENT_DATA";
}

/** Whether a subject was read, and is to be made compliant. */
export function isToMend({ kind }: Pick<Notice, "kind">): boolean {
  return kind === "opened" || kind === "stillOpen";
}

/** Whether a notice says that a subject could not be read. */
export function isUnreadable({ kind }: Pick<Notice, "kind">): boolean {
  return kind === "unreadable" || kind === "stillUnreadable";
}
