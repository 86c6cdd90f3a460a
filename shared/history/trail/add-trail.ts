import { compareIds } from "../../audit/compare-ids.ts";
import type { Trail } from "../../audit/trail.ts";
import type { History, TrailHistory } from "../history.ts";
import { askTrail, type AskTrailOptions } from "./ask-trail.ts";
import { trailTimes } from "./trail-times.ts";

export interface AddTrailOptions extends AskTrailOptions {
  readonly trail: Trail;
  /** The account of the credentials, whose events alone can be read. */
  readonly accountId: string;
  readonly now: Date;
}

/** Adds to a history what ActionTrail says of the account of the credentials, in its regions. */
export async function addTrail(history: History, options: AddTrailOptions): Promise<History> {
  const { trail, accountId, now } = options;
  const regionIds = [
    ...new Set(history.subjects.flatMap((it) => (it.accountId === accountId ? [it.regionId] : []))),
  ].toSorted(compareIds);
  const times = trailTimes(history, now);
  if (regionIds.length === 0 || times === null) {
    const problem =
      times === null
        ? "ActionTrail keeps events for 90 days, and has none of these days any more."
        : `The credentials are those of account ${accountId}, of which no run is kept.`;
    return { ...history, trail: { ...withoutAnswer(history, problem), accountId } };
  }
  const answer = await askTrail(trail, regionIds, times, options);
  return {
    ...history,
    trail: {
      ...answer,
      accountId,
      from: new Date(times.fromMs).toISOString(),
      to: new Date(times.toMs).toISOString(),
      isCut: times.isCut,
      otherAccounts: accountsOf(history).filter((id) => id !== accountId),
      problem: null,
    },
  };
}

/**
 * What a history has in place of the answer of ActionTrail.
 *
 * @param problem - why it was not asked, as a sentence
 */
export function withoutAnswer(history: History, problem: string): TrailHistory {
  return {
    accountId: null,
    from: null,
    to: null,
    isCut: false,
    events: [],
    failures: [],
    otherAccounts: accountsOf(history),
    problem,
  };
}

function accountsOf({ subjects }: History): string[] {
  return [...new Set(subjects.map(({ accountId }) => accountId))].toSorted(compareIds);
}
