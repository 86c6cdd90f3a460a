import { EVALUATION_CPU_MS, MAX_PARALLEL_PARTS, ROLES_PER_SECOND } from "../audit/run-limits.ts";
import type { ConfiguredAccounts } from "./accounts.ts";

/** What one call takes in the mean, near and far regions together. */
const CALL_SECONDS = 0.1;
/** Regions of an account, where patterns say which. */
const USUAL_REGIONS = 30;

/** What the deadline of a part holds. */
const TRIES_OF_PART = 2;

/** A ceiling of fewer accounts is worth a warning where the number of members is not known. */
const MANY = 5_000;

/** What a run has for its accounts. */
export interface RunResources {
  /** For the audit, alerts left aside. */
  readonly seconds: number;
  /** Regions asked at once. */
  readonly concurrency: number;
  /** @default as much as is needed */
  readonly vcpus?: number;
}

/** At most how many accounts one run audits in its time: an estimate, rounded down. */
export interface Ceiling {
  readonly accounts: number;
  /** What sets it: assuming roles, waiting for answers, or the processor. */
  readonly bound: keyof typeof BECAUSE;
  /** The same for a message. */
  readonly because: string;
}

const BECAUSE = {
  roles: `a role is assumed in each, at most ${ROLES_PER_SECOND} a second`,
  concurrency: `an answer takes some ${CALL_SECONDS * 1_000} ms`,
  cpu: `each answer takes some ${EVALUATION_CPU_MS} ms of a whole vCPU`,
} as const;

/** The accounts of a run, with what is asked in each. */
export interface AccountsConfig extends ConfiguredAccounts {
  readonly regions: readonly string[];
  readonly rules: readonly string[];
  readonly fanOut: { readonly parts: number | null };
}

/** At most how many accounts one run audits in its time, in this process or in the parts that are asked for. */
export function ceilingOf(
  config: AccountsConfig,
  { seconds, concurrency, vcpus = Infinity }: RunResources,
): Ceiling {
  const { parts } = config.fanOut;
  const calls = regionCountOf(config) * config.rules.length;
  const processes = Math.min(parts ?? 1, MAX_PARALLEL_PARTS);
  const perSecond: readonly (readonly [Ceiling["bound"], number])[] = [
    ["roles", ROLES_PER_SECOND],
    ["concurrency", (processes * concurrency) / CALL_SECONDS / calls],
    ["cpu", (processes * vcpus * 1_000) / EVALUATION_CPU_MS / calls],
  ];
  const [bound, rate] = perSecond.reduce((least, each) => (each[1] < least[1] ? each : least));
  const usable = parts === null ? seconds : seconds / TRIES_OF_PART;
  return { accounts: rounded(rate * usable), bound, because: BECAUSE[bound] };
}

/** Whether a run has more accounts than a ceiling, or, of an organization, may well have. */
export function exceeds(
  { accounts, organization }: ConfiguredAccounts,
  ceiling: Pick<Ceiling, "accounts">,
): boolean {
  return (
    (accounts.entries?.length ?? 0) > ceiling.accounts ||
    (organization.roleName !== null && ceiling.accounts < MANY)
  );
}

/** The accounts of a configuration, for a message: the list, or the members, whose number is not known. */
export function nameOfAccounts({ accounts, organization }: ConfiguredAccounts): string {
  return organization.roleName === null
    ? `accounts (${accounts.entries?.length ?? 0})`
    : "organization";
}

/** The regions of an account: as many as are named, or where patterns say which, as many as there are. */
function regionCountOf({ regions }: AccountsConfig): number {
  const isPattern = (selector: string): boolean => selector === "all" || /[!*]/.test(selector);
  return regions.some(isPattern) ? USUAL_REGIONS : new Set(regions).size;
}

/** Two digits: the figures behind it are no better. */
function rounded(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.max(1, Math.floor(count / step) * step);
}
