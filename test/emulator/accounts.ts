import { performance } from "node:perf_hooks";

import { TokenBucket } from "./token-bucket.ts";
import type { RegionSeed, World } from "./world.ts";

/** The part of the cloud that one account has. */
export interface AccountState {
  /** May be shared with other accounts. */
  readonly regions: Readonly<Record<string, RegionSeed>>;
  readonly change: (regionId: string, changes: Partial<RegionSeed>) => void;
  /** Whether a call of VPC or ECS is one too many. */
  readonly isThrottled: () => boolean;
  /** Whether a call of AssumeRole is one too many. */
  readonly isRoleThrottled: () => boolean;
  /** Whether a call of LookupEvents is one too many. */
  readonly isLookUpThrottled: () => boolean;
}

/** The accounts of a world, each made on first use. */
export class Accounts {
  readonly #world: World;
  /** Those of accounts that have none of their own. */
  readonly #shared: Record<string, RegionSeed>;
  readonly #states = new Map<string, AccountState>();

  /** @param shared - the world's regions, which are changed */
  constructor(world: World, shared: Record<string, RegionSeed>) {
    this.#world = world;
    this.#shared = shared;
  }

  get(accountId: string): AccountState {
    const state = this.#states.get(accountId) ?? this.#create(accountId);
    this.#states.set(accountId, state);
    return state;
  }

  #create(accountId: string): AccountState {
    const { accounts, callsPerSecond, burst, assumeRolesPerSecond, lookUpsPerSecond } = this.#world;
    const seed = accounts?.[accountId];
    const regions = seed?.regions === undefined ? this.#shared : { ...seed.regions };
    return {
      regions,
      change: (regionId, changes) => {
        const region = regions[regionId];
        if (region !== undefined) regions[regionId] = { ...region, ...changes };
      },
      isThrottled: throttle(seed?.callsPerSecond ?? callsPerSecond, seed?.burst ?? burst),
      isRoleThrottled: throttle(assumeRolesPerSecond),
      isLookUpThrottled: throttle(lookUpsPerSecond),
    };
  }
}

function throttle(perSecond: number | undefined, burst = perSecond): () => boolean {
  if (perSecond === undefined || burst === undefined) return () => false;
  const bucket = new TokenBucket(perSecond, burst, performance.now());
  return () => !bucket.take(performance.now());
}
