import { cleanText } from "../text/clean-text.ts";
import { type EntryOutcome, type NotChanged, OUTCOMES, type Plan, type PlanEntry } from "./plan.ts";

const ACTIVATION_NOTE =
  "Activation is free of charge, cannot be undone, and accepts the terms of the service, which the console shows:";
const CREATION_NOTE =
  "Flow logs cost by volume: 5 GB are free per account, region and month, then about 0.37 USD per GB, plus storage and index of the log service: https://www.alibabacloud.com/help/en/vpc/user-guide/billing-of-flow-logs";

/** The plan for a person: one line a change, and what to know before it is carried out. */
export function describePlan({ accountId, entries }: Plan): readonly string[] {
  if (entries.length === 0) return [`account ${accountId}: nothing to change`];
  const activation = entries.find((entry) => entry.action === "activate-flow-log-service");
  const creates = entries.some((entry) => entry.action === "create-flow-log");
  return [
    `account ${accountId}: ${entries.length} ${entries.length === 1 ? "change" : "changes"} planned`,
    ...entries.map((entry) => `  ${subjectOf(entry)}: ${describeEntry(entry)}`),
    ...(activation === undefined ? [] : [`${ACTIVATION_NOTE} ${activation.termsUrl}`]),
    ...(creates ? [CREATION_NOTE] : []),
  ];
}

/** What the plan leaves as it is, and why: a line each, and one a command that the reason does not name. */
export function describeNotChanged(notChanged: readonly NotChanged[]): readonly string[] {
  return notChanged.flatMap((item) => {
    const { reason, commands } = item;
    return [
      `${subjectOf(item)}: not changed: ${reason.code}: ${reason.message}`,
      ...commands.filter((command) => !reason.message.includes(command)).map((line) => `  ${line}`),
    ];
  });
}

function describeEntry(entry: PlanEntry): string {
  if (entry.action === "activate-flow-log-service") return "activate the flow log service";
  return `create a flow log of all traffic to ${entry.projectName}/${entry.logStoreName}`;
}

/** The outcome of a change, as one line. */
export function describeOutcome(entry: EntryOutcome): string {
  const { outcome, reason, flowLogId } = entry;
  const why = reason === null ? "" : `: ${reason.code}: ${reason.message}`;
  const id = flowLogId === undefined ? "" : ` ${flowLogId}`;
  const isActivation = entry.action === "activate-flow-log-service";
  const what = {
    done: isActivation ? "flow log service activated" : `flow log${id} created`,
    already: isActivation ? "flow log service was activated already" : "flow log was there already",
    pending: isActivation
      ? "activation accepted, not confirmed yet"
      : `flow log${id} created, not known to be active yet`,
    failed: isActivation ? "flow log service not activated" : "flow log not created",
    skipped: isActivation ? "flow log service not activated" : "flow log not created",
  }[outcome];
  return `${subjectOf(entry)}: ${what}${why}`;
}

/** How many changes came to which end: `3 done, 1 already, 1 failed`. */
export function describeOutcomes(entries: readonly EntryOutcome[]): string {
  const counts = OUTCOMES.flatMap((outcome) => {
    const count = entries.filter((entry) => entry.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  return counts.length === 0 ? "nothing to change" : counts.join(", ");
}

/** Bytes of a VPC's name in a line. */
const MAX_NAME_BYTES = 80;

function subjectOf(about: PlanEntry | NotChanged): string {
  const resource = "resource" in about ? about.resource : undefined;
  if (resource === undefined) return about.regionId;
  const name = resource.name === undefined ? "" : ` (${cleanText(resource.name, MAX_NAME_BYTES)})`;
  return `${about.regionId} ${resource.id}${name}`;
}
