import { activateRegion } from "./activate-region.ts";
import type { ChangeContext } from "./change-context.ts";
import { createFlowLogs } from "./create-flow-logs.ts";
import type { Creation, EntryOutcome, Outcome, Plan } from "./plan.ts";
import { INTERRUPTED } from "./wait-until.ts";

export interface CarryOutHooks {
  /** A client token that no other region has. */
  readonly newClientToken: () => string;
  /** Called when the outcome of a change is known, in the order of the plan. */
  readonly onOutcome: (entry: EntryOutcome) => Promise<void>;
}

/**
 * Carries a plan out, region by region and call by call: an account may activate one region at a time.
 * A region or VPC that fails does not stop the others. Nothing is begun once `context.stop` is aborted.
 *
 * @returns every entry with its outcome, in the order of the plan
 */
export async function carryOutPlan(
  { entries }: Plan,
  context: ChangeContext,
  { newClientToken, onOutcome }: CarryOutHooks,
): Promise<readonly EntryOutcome[]> {
  const outcomes: EntryOutcome[] = [];
  const record = async (entry: EntryOutcome): Promise<void> => {
    outcomes.push(entry);
    await onOutcome(entry);
  };
  for (const regionId of new Set(entries.map((entry) => entry.regionId))) {
    const inRegion = entries.filter((entry) => entry.regionId === regionId);
    const creations = inRegion.filter((entry) => entry.action === "create-flow-log");
    let isActivated = true;
    for (const entry of inRegion) {
      if (entry.action !== "activate-flow-log-service") continue;
      const outcome = context.stop.aborted
        ? NOT_BEGUN
        : await activateRegion(regionId, newClientToken(), context);
      await record({ ...entry, ...outcome });
      isActivated = outcome.outcome === "done" || outcome.outcome === "already";
    }
    const created = await createIn(regionId, creations, isActivated, context);
    for (const [index, entry] of creations.entries()) {
      await record({ ...entry, ...(created[index] ?? NOT_ACTIVATED) });
    }
  }
  return outcomes;
}

const NOT_BEGUN: Outcome = { outcome: "skipped", reason: INTERRUPTED };

const NOT_ACTIVATED: Outcome = {
  outcome: "skipped",
  reason: {
    code: "NOT_ACTIVATED",
    message: "The flow log service is not known to be activated in the region.",
  },
};

async function createIn(
  regionId: string,
  creations: readonly Creation[],
  isActivated: boolean,
  context: ChangeContext,
): Promise<readonly Outcome[]> {
  if (creations.length === 0) return [];
  if (context.stop.aborted) return creations.map(() => NOT_BEGUN);
  return isActivated
    ? createFlowLogs(regionId, creations, context)
    : creations.map(() => NOT_ACTIVATED);
}
