import type { Finding } from "../audit/finding.ts";
import type { Absence } from "./absence.ts";
import type { ConditionRecord, Entry, ReceiverRecord } from "./alert-state.ts";
import type { Change, Condition } from "./alert.ts";
import { type AlertPolicy, beganAtMs, changesFor, mayBeNotified } from "./decide.ts";
import { goneFinding } from "./gone-finding.ts";
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
    case "gone":
      // Both conditions are over, so each end is sent until the receiver confirms it.
      return changesFor(entry, notified, goneFinding(entry, absence.found), nowMs, policy);
    case "unread":
      return lastingChanges(absent, absence.region, notified, nowMs, policy);
    case "by-resource": {
      const finding = regionFinding(absence.worst);
      const isDue = mayBeNotified(notified.unreadable);
      const sinceMs = beganAtMs("unreadable", entry, notified);
      const readable = { event: "readable", condition: "unreadable", sinceMs, finding } as const;
      return [...unscopedChanges(["open"], absent, notified), ...(isDue ? [readable] : [])];
    }
  }
}

/** Says of a region what its worst resource has, in words that are not about that resource. */
function regionFinding({ resource: _resource, remedy: _remedy, ...finding }: Finding): Finding {
  const message = "The resources of the region can be read again.";
  return { ...finding, reason: { ...finding.reason, message } };
}

/**
 * Sent until the receiver confirms that the subject is no longer checked: no later run observes the
 * subject.
 */
function unscopedChanges(
  conditions: readonly Condition[],
  { entry, before }: AbsentEntry,
  notified: ReceiverRecord,
): Change[] {
  return conditions
    .filter((condition) => mayBeNotified(notified[condition]))
    .map((condition) => {
      const sinceMs = beganAtMs(condition, entry, notified);
      const code = before[condition]?.code ?? notified[condition].confirmed?.code ?? null;
      const finding = lastKnownFinding(before, condition, code);
      return { event: "unscoped", condition, sinceMs, finding };
    });
}

/**
 * A condition lasts until a run observes its end: the receiver is still reminded of it, so one that
 * keeps alerts does not let it expire. The finding is that about the region, and so is an exemption:
 * one of the region covers its resources. An exemption of the resource alone is not applied here, so
 * nothing is sent where the receiver was notified of one.
 */
function lastingChanges(
  { entry }: AbsentEntry,
  region: Finding,
  notified: ReceiverRecord,
  nowMs: number,
  policy: AlertPolicy,
): Change[] {
  const { resource } = entry;
  const finding = { ...region, ...(resource !== undefined && { resource }) };
  return changesFor(entry, notified, finding, nowMs, policy).filter(
    ({ condition }) =>
      entry[condition] !== null &&
      (region.exemption !== undefined || !isNotifiedOfExemption(notified[condition])),
  );
}

function isNotifiedOfExemption({ confirmed, unconfirmed }: ConditionRecord): boolean {
  return typeof (unconfirmed ?? confirmed)?.exemptUntil === "string";
}
