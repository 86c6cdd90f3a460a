import type { Absence } from "./absence.ts";
import type { ConditionRecord, Entry, ReceiverRecord } from "./alert-state.ts";
import type { Change, ChangeEvent, Condition } from "./alert.ts";
import {
  type AlertPolicy,
  beganAtMs,
  decideOpen,
  decideUnreadable,
  mayBeNotified,
} from "./decide.ts";
import { lastKnownFinding } from "./last-known-finding.ts";

const CONDITIONS = ["open", "unreadable"] as const satisfies readonly Condition[];

/** An entry that a report has no finding about. */
export interface AbsentEntry {
  readonly absence: Absence;
  /** As it is after this run: without conditions where no later run observes them. */
  readonly entry: Entry;
  /** As it was before this run. */
  readonly before: Entry;
}

/** The changes that a receiver is to be notified of about an absent entry. */
export function absentChanges(
  absent: AbsentEntry,
  notified: ReceiverRecord,
  nowMs: number,
  policy: AlertPolicy,
): Change[] {
  const { absence, entry } = absent;
  switch (absence.kind) {
    case "unscoped":
      return unscopedChanges(CONDITIONS, absent, notified);
    case "unread":
      return lastingChanges(absent, notified, nowMs, policy);
    case "by-resource": {
      const { resource: _resource, ...finding } = absence.worst;
      const isDue = mayBeNotified(notified.unreadable);
      const sinceMs = beganAtMs("unreadable", entry, notified);
      const readable = { event: "readable", condition: "unreadable", sinceMs, finding } as const;
      return [...unscopedChanges(["open"], absent, notified), ...(isDue ? [readable] : [])];
    }
  }
}

/**
 * Sent until the receiver confirms that the subject is no longer checked: no later run observes the
 * subject.
 */
function unscopedChanges(
  conditions: readonly Condition[],
  absent: AbsentEntry,
  notified: ReceiverRecord,
): Change[] {
  return conditions
    .filter((condition) => mayBeNotified(notified[condition]))
    .map((condition) => lastKnownChange("unscoped", condition, absent, notified));
}

/**
 * A condition lasts until a run observes its end: the receiver is still reminded of it, so one that
 * keeps alerts does not let it expire. Nothing is sent where the receiver knows of an exemption,
 * since exemptions are applied to findings.
 */
function lastingChanges(
  absent: AbsentEntry,
  notified: ReceiverRecord,
  nowMs: number,
  policy: AlertPolicy,
): Change[] {
  const { entry } = absent;
  const { open, unreadable } = notified;
  const decisions = [
    ["open", entry.open, open, decideOpen(entry, open, null, nowMs, policy)],
    [
      "unreadable",
      entry.unreadable,
      unreadable,
      decideUnreadable(entry, unreadable, null, nowMs, policy),
    ],
  ] as const;
  return decisions.flatMap(([condition, lasts, known, decision]) =>
    lasts === null || isNotifiedOfExemption(known) || !("event" in decision)
      ? []
      : [lastKnownChange(decision.event, condition, absent, notified)],
  );
}

function isNotifiedOfExemption({ confirmed, unconfirmed }: ConditionRecord): boolean {
  return typeof (unconfirmed ?? confirmed)?.exemptUntil === "string";
}

function lastKnownChange(
  event: ChangeEvent,
  condition: Condition,
  { entry, before }: AbsentEntry,
  notified: ReceiverRecord,
): Change {
  const sinceMs = beganAtMs(condition, entry, notified);
  const code = before[condition]?.code ?? notified[condition].confirmed?.code ?? null;
  const isUnscoped = event === "unscoped";
  const finding = lastKnownFinding(before, condition, { code, isUnscoped });
  return { event, condition, sinceMs, finding };
}
