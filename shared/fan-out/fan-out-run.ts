import type { RuleCard } from "../audit/rule-card.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { RuleId } from "../rules/rule-ids.ts";
import type { Credentials } from "../service/credentials.ts";

/** A run that may be divided among invocations of the audit function. */
export interface FanOutRun {
  /** The configuration's. */
  readonly options: { readonly parts: number | null; readonly function: string | null };
  readonly runId: string;
  readonly rules: readonly RuleId[];
  /** Of the rules. */
  readonly cards: readonly RuleCard[];
  /** The time of the audit. */
  readonly deadline: TimeBudget;
  readonly clock: () => Date;
  readonly credentials: Credentials;
  /** The account of the functions; empty where it is not known. */
  readonly accountId: string;
  /** Their region; null where it is not known. */
  readonly regionId: string | null;
  /** The name of the check function, which runs. */
  readonly functionName: string;
  /** Overrides the endpoint of Function Compute. */
  readonly endpoint: Endpoint | null;
  readonly transport: Transport;
}

/** The audit function that parts are given to. */
export interface Target {
  readonly accountId: string;
  readonly regionId: string;
  readonly functionName: string;
}
