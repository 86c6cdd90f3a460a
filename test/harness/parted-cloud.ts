import { audit } from "../../functions/audit/audit.ts";
import { accountsAuditor } from "../../functions/check/audit-accounts.ts";
import type { Report } from "../../shared/audit/report.ts";
import type { LogEntry } from "../../shared/conclude/run-log.ts";
import { auditFunction, configOf } from "../../shared/entry/audit-function.ts";
import type { PartEvent } from "../../shared/fan-out/part.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import {
  type FunctionComputeSeed,
  type FunctionOutcome,
  startFunctionCompute,
} from "../emulator/function-compute.ts";
import type { World } from "../emulator/world.ts";
import { functionContext, functionEnv } from "./invoke-function.ts";

export const RUN_ID = "5e1f0b1e-0000-8000-8000-000000000001";
export const AUDIT_FUNCTION = "flowlog-guard-audit";

/** The values of a configuration file. */
export type FileValues = Readonly<Record<string, unknown>>;

/** An emulated cloud, and Function Compute with the audit function in this process. */
export interface PartedCloud extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly env: Readonly<Record<string, string>>;
  /** The events with which the audit function was invoked, parsed. */
  readonly events: () => readonly PartEvent[];
  /** What the audit function logged. */
  readonly log: readonly LogEntry[];
  /** Audits as the check function does, and returns the report. */
  readonly audit: (values: FileValues, options?: AuditOptions) => Promise<Report>;
}

export interface AuditOptions {
  /** Of the check function. @default "flowlog-guard-check" */
  readonly functionName?: string;
  /** Of the check function, in seconds. @default 60 */
  readonly timeout?: number;
  readonly region?: string | null;
}

/** Changes what the audit function answers. */
export type Falsify = (report: Report, index: number) => unknown;

export interface PartedCloudOptions extends Partial<
  Pick<FunctionComputeSeed, "fault" | "functions">
> {
  readonly falsify?: Falsify;
  /** The configuration of the audit function. @default that of the check function */
  readonly ofAudit?: FileValues;
  /** Hosts of the VPC API that are not the emulator, by region. @default none */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** Starts both. The audit function has the configuration that the check function was last run with. */
export async function startPartedCloud(
  world: Partial<World> & Pick<World, "regions">,
  { falsify = (report) => report, ofAudit, hosts, ...overrides }: PartedCloudOptions = {},
): Promise<PartedCloud> {
  const emulator = await startEmulator(world);
  const ofCloud = functionEnv(emulator);
  const atEmulator = Object.fromEntries(
    ["cn-hangzhou", ...Object.keys(world.regions)].map((id) => [id, emulator.endpoint]),
  );
  const atHosts: FileValues =
    hosts === undefined ? {} : { endpoints: { vpc: { ...atEmulator, ...hosts } } };
  if (hosts !== undefined) delete ofCloud["FLOWLOG_GUARD_VPC_ENDPOINT"];
  const log: LogEntry[] = [];
  let file: FileValues = {};
  let calls = 0;
  const runtimeWith = (values: FileValues, env: Readonly<Record<string, string>>) => ({
    env,
    file: { name: "flowlog-guard.yaml", values: { ...values, ...atHosts } },
    clock: () => new Date(),
    log: (entry: LogEntry) => log.push(entry),
  });
  const deployed = async (event: string): Promise<FunctionOutcome> => {
    const index = calls++;
    const context = functionContext(emulator, { function: { name: AUDIT_FUNCTION, timeout: 60 } });
    const runtime = runtimeWith(ofAudit ?? file, ofCloud);
    return audit(Buffer.from(event), context, runtime).then(
      (report) => ({ result: falsify(report as Report, index), error: null }),
      ({ name, message }: Error) => ({ result: null, error: { name, message } }),
    );
  };
  const [key] = emulator.world.keys;
  if (key === undefined) throw new Error("the emulator has a key");
  const compute = await startFunctionCompute({
    accountId: emulator.world.accountId,
    key,
    functions: { [AUDIT_FUNCTION]: deployed },
    ...overrides,
  });
  const env = { ...ofCloud, FLOWLOG_GUARD_FC_ENDPOINT: compute.origin };
  return {
    emulator,
    env,
    events: () => compute.calls.map(({ event }) => JSON.parse(event)),
    log,
    audit: async (values, options = {}) => {
      file = values;
      const { functionName = "flowlog-guard-check", timeout = 60, region } = options;
      const context = functionContext(emulator, {
        function: { name: functionName, timeout },
        ...(region !== undefined && { region }),
      });
      const runtime = runtimeWith(values, env);
      const config = configOf(runtime, { values: {}, problems: [] });
      using transport = createTransport(null);
      const run = { runId: RUN_ID, trigger: "timer" as const, transport };
      const invocation = startTimeBudget(timeout * 1_000, "DEADLINE_EXCEEDED");
      try {
        return await auditFunction(config, run, context, runtime, invocation, {
          auditAccounts: accountsAuditor(config, run, context, runtime),
        });
      } finally {
        invocation.release();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await compute[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

/** The report as text, without what differs between two audits of the same: times and request ids. */
export function withoutTimes(report: Report): string {
  const replaced: Readonly<Record<string, unknown>> = {
    startedAt: "time",
    finishedAt: "time",
    checkedAt: "time",
    durationMs: 0,
    requestId: "id",
  };
  return JSON.stringify(
    report,
    (key, value: unknown) => (value !== null && key in replaced ? replaced[key] : value),
    1,
  );
}
