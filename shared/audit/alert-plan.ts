import type { Change } from "./alert.ts";
import type { Report } from "./report.ts";

/** What the decision has to know of a receiver. */
export interface Listener {
  readonly name: string;
}

/** Why something is said, or nothing. */
export type AlertReason =
  /** A region is not compliant. */
  | "NON_COMPLIANT"
  /** A region is not compliant, and nobody is there to be told. */
  | "NO_RECEIVER_CONFIGURED"
  /** Regions could not be read, which on its own is no news. */
  | "ONLY_UNREADABLE"
  | "ALL_WELL";

/** What is due to whom. */
export interface AlertPlan {
  readonly reason: AlertReason;
  /** What is news to each receiver; receivers without any are left out. */
  readonly news: ReadonlyMap<string, readonly Change[]>;
}

/** Without a state every run that finds something alerts, and blindness on its own never does. */
export function planWithoutState(report: Report, listeners: readonly Listener[]): AlertPlan {
  const changes = report.findings
    .filter(({ status }) => status === "NON_COMPLIANT")
    .map((finding): Change => ({ event: "opened", condition: "open", sinceMs: null, finding }));
  return {
    reason: reasonFor(report, listeners),
    news: new Map(changes.length === 0 ? [] : listeners.map(({ name }) => [name, changes])),
  };
}

function reasonFor({ summary }: Report, listeners: readonly Listener[]): AlertReason {
  if (summary.nonCompliant > 0) {
    return listeners.length === 0 ? "NO_RECEIVER_CONFIGURED" : "NON_COMPLIANT";
  }
  return summary.insufficientData > 0 ? "ONLY_UNREADABLE" : "ALL_WELL";
}
