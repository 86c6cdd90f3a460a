import type { State } from "../../../../shared/alerts/alert-state.ts";
import type { ScopedAccount } from "../../../../shared/audit/account-scope.ts";
import type { Cloud } from "../../../../shared/audit/cloud.ts";
import type { Caller } from "../../../../shared/audit/report.ts";
import type { Config } from "../../../../shared/config/config.ts";
import type { Transport } from "../../../../shared/http/transport.ts";
import type { TimeBudget } from "../../../../shared/retry/time-budget.ts";
import type { LogTarget } from "../../../../shared/rules/log-target.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import type { CliRuntime } from "../../cli-runtime.ts";
import type { ConfigFlags } from "../../flags/config-options.ts";
import type { CredentialsFlags } from "../../local/local-audit.ts";
import type { Outcome } from "./outcome.ts";

/** What is checked. */
export interface SetUp {
  readonly flags: ConfigFlags & CredentialsFlags;
  readonly runtime: CliRuntime;
  /** The defaults where `configProblems` has any: then no check uses it. */
  readonly config: Config;
  readonly configProblems: readonly string[];
  readonly transport: Transport;
  /** What checks found for those that need them. */
  readonly learnt: Learnt;
}

/** Set by the check that finds it. */
export interface Learnt {
  credentials?: Credentials;
  caller?: Caller;
  /** The region that each service is asked in. */
  regionId?: string;
  /** The account whose role is assumed; left out where none is. */
  member?: Pick<ScopedAccount, "id" | "role">;
  /** The cloud as the account sees it whose services are asked. */
  cloud?: Cloud;
  /** Null where no flow log names one. */
  logTarget?: LogTarget | null;
  /** Left out where there is none yet, or it cannot be read. */
  state?: State;
}

/** One thing that is tried. It reads, and changes nothing. */
export interface Check {
  /** Stable, for programs. */
  readonly id: string;
  readonly title: string;
  /** Ids of earlier checks without which this one cannot be made. @default none */
  readonly needs?: readonly string[];
  /** Ids of earlier checks that this one only waits for. @default none */
  readonly follows?: readonly string[];
  /** Milliseconds. @default {@link CHECK_TIMEOUT_MS} */
  readonly timeoutMs?: number;
  /** Known errors that it throws become problems. */
  readonly run: (setUp: SetUp, within: TimeBudget) => Promise<Outcome>;
}

/** Milliseconds for one check. */
export const CHECK_TIMEOUT_MS = 15_000;

/** What an earlier check has found, of which `needs` has made sure. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("internal error: a check does not name what it needs");
  return value;
}
