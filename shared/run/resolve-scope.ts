import { CallError } from "../audit/call-error.ts";
import type { Cloud, Region } from "../audit/cloud.ts";
import { CredentialsError, ScopeError } from "../audit/run-error.ts";
import { needsKnownRegions, type RegionSelector, selectRegions } from "../audit/scope.ts";
import { retry } from "../retry/retry.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import { NETWORK_DOWN } from "./host-failures.ts";
import type { ReadOptions } from "./region-reader.ts";

/** What DescribeRegions says, where it was asked. */
interface KnownRegions {
  /** The ids that DescribeRegions returned, in scope or not; empty where it was not asked. */
  readonly listed: ReadonlySet<string>;
  /** Names of regions by id, where DescribeRegions returned any. */
  readonly localNames: ReadonlyMap<string, string>;
  readonly asked: boolean;
}

/** The regions to audit, and whether DescribeRegions was asked for them. */
export interface ResolvedScope extends KnownRegions {
  readonly regionIds: readonly string[];
}

/** As {@link ResolvedScope}, for several lists of selectors. */
export interface ResolvedScopes extends KnownRegions {
  /** In the order of the lists. */
  readonly regionIds: readonly (readonly string[])[];
}

type ListLimits = Omit<ReadOptions, "clock" | "gate">;

/**
 * Resolves the scope before the first region is asked. Ids written out cost no call; patterns,
 * exclusions and `all` ask DescribeRegions, within the time of one region.
 *
 * @throws {@link ScopeError} when DescribeRegions gives no list, a pattern matches nothing, or no
 * region is left
 * @throws {@link CredentialsError} when DescribeRegions refuses the credentials
 */
export async function resolveScope(
  selectors: readonly RegionSelector[],
  cloud: Cloud,
  limits: ListLimits,
): Promise<ResolvedScope> {
  const known = needsKnownRegions(selectors) ? await listRegions(cloud, limits) : NOT_ASKED;
  return { ...known, regionIds: selectRegions(selectors, [...known.listed]) };
}

/**
 * Resolves several lists of selectors, such as those of accounts: DescribeRegions is asked once for all
 * of them, if at all.
 *
 * @throws as {@link resolveScope} does
 */
export async function resolveScopes(
  lists: readonly (readonly RegionSelector[])[],
  cloud: Cloud,
  limits: ListLimits,
): Promise<ResolvedScopes> {
  const distinct = new Map(lists.map((selectors) => [selectors.join(), selectors]));
  const needsList = [...distinct.values()].some(needsKnownRegions);
  const known = needsList ? await listRegions(cloud, limits) : NOT_ASKED;
  const listed = [...known.listed];
  const regionIdsOf = new Map(
    [...distinct].map(([key, selectors]) => [key, selectRegions(selectors, listed)]),
  );
  return { ...known, regionIds: lists.map((selectors) => regionIdsOf.get(selectors.join()) ?? []) };
}

const NOT_ASKED: KnownRegions = { listed: new Set(), localNames: new Map(), asked: false };

async function listRegions(
  cloud: Cloud,
  { policy, timeoutMs, attemptTimeoutMs, deadline }: ListLimits,
): Promise<KnownRegions> {
  const budget = startTimeBudget(timeoutMs, "TIMEOUT", deadline);
  try {
    const { value: known } = await retry(
      (_attempt, limit) => cloud.listRegions(limit),
      policy,
      budget,
      attemptTimeoutMs,
    );
    return {
      listed: new Set(known.map(({ regionId }) => regionId)),
      localNames: localNamesOf(known),
      asked: true,
    };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.code === "CREDENTIALS_INVALID") {
      throw new CredentialsError(error.message, { cause: error });
    }
    const { code, message } = error.hostResolved === false ? NETWORK_DOWN : error;
    throw new ScopeError(
      "NO_LIST",
      `The regions could not be listed (${code}): ${message} To do without the list, write the region ids out.`,
      { cause: error },
    );
  } finally {
    budget.release();
  }
}

/** Names of regions by id. A name that only repeats the id is left out. */
export function localNamesOf(regions: readonly Region[]): ReadonlyMap<string, string> {
  return new Map(
    regions.flatMap(({ regionId, localName }): [string, string][] =>
      localName === undefined || localName === regionId ? [] : [[regionId, localName]],
    ),
  );
}
