import { join } from "node:path";

import { inject } from "vitest";

import type { ConfigRuleAnswer } from "../../functions/audit/config-rule/answer-config-rule.ts";
import type { HttpResponse } from "../../functions/audit/http-response.ts";
import type { CheckResult } from "../../functions/check/check.ts";
import type { Report } from "../../shared/audit/report.ts";
import type { FunctionContext } from "../../shared/entry/function-context.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { runNode } from "./run-process.ts";

/** The outcome of an invocation. */
export interface Invocation<R> {
  /** Null where it threw. */
  readonly result: R | null;
  /** Null where it returned. */
  readonly error: { readonly name: string; readonly message: string } | null;
  /** The lines of the log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** The lines of the log as they were written. */
  readonly lines: readonly string[];
  /** All output of the process. */
  readonly output: string;
  /** What the process wrote beside its log. */
  readonly stderr: string;
}

const MARK = "--- outcome ---";

/**
 * Imitates the runtime: requires the file, calls the handler with a Buffer and a context, one call
 * after another in the same instance, and lets the process exit by itself. A leaked socket or timer
 * would keep it alive.
 */
const RUNTIME = `
const { handler } = require(process.argv[1]);
(async () => {
  for (const { event, context } of JSON.parse(process.argv[2])) {
    const outcome = await handler(Buffer.from(event), context).then(
      (result) => ({ result, error: null }),
      (error) => ({ result: null, error: { name: error.name, message: error.message } }),
    );
    console.log(${JSON.stringify(MARK)} + JSON.stringify(outcome));
  }
})();
`;

/** A context like the runtime's, with the emulator's keys. */
export function functionContext(
  emulator: Emulator,
  overrides: Partial<FunctionContext> = {},
): FunctionContext {
  const [key] = emulator.world.keys;
  return {
    requestId: "1-69217a01-1523a2f1-9d2b",
    credentials: {
      accessKeyId: String(key?.accessKeyId),
      accessKeySecret: String(key?.accessKeySecret),
      ...(key?.securityToken !== undefined && { securityToken: key.securityToken }),
    },
    function: { name: "flowlog-guard-check", timeout: 60 },
    region: "cn-hangzhou",
    accountId: emulator.world.accountId,
    ...overrides,
  };
}

/** Invokes a built function in a bare Node process, once for each call, in the same instance. */
export async function invokeInTurn<R>(
  bundle: string,
  calls: readonly { readonly event: string; readonly context: FunctionContext }[],
  env: Readonly<Record<string, string>>,
  node?: string,
): Promise<Invocation<R>[]> {
  const args = ["-e", RUNTIME, bundle, JSON.stringify(calls)];
  const { stdout, stderr } = await runNode(args, { env, node });
  const invocations: Invocation<R>[] = [];
  let lines: string[] = [];
  for (const line of stdout.split("\n").filter((line) => line !== "")) {
    if (line.startsWith(MARK)) {
      const outcome = JSON.parse(line.slice(MARK.length));
      const log = lines.map((logged) => JSON.parse(logged));
      invocations.push({ ...outcome, log, lines, output: stdout + stderr, stderr });
      lines = [];
    } else {
      lines.push(line);
    }
  }
  if (invocations.length === calls.length) return invocations;
  throw new Error(`The function gave no outcome: ${stdout}${stderr}`);
}

async function invokeOnce<R>(
  bundle: string,
  event: string,
  context: FunctionContext,
  env: Readonly<Record<string, string>>,
): Promise<Invocation<R>> {
  const [invocation] = await invokeInTurn<R>(bundle, [{ event, context }], env);
  if (invocation === undefined) throw new Error("one call has one outcome");
  return invocation;
}

/** Invokes the built check function. */
export async function invokeCheck(
  event: string,
  context: FunctionContext,
  env: Readonly<Record<string, string>>,
  bundle: string = join(inject("deployed"), "check/index.js"),
): Promise<Invocation<CheckResult>> {
  return invokeOnce(bundle, event, context, env);
}

/** Invokes the built audit function. */
export async function invokeAudit<R extends Report | HttpResponse | ConfigRuleAnswer>(
  event: string,
  context: FunctionContext,
  env: Readonly<Record<string, string>>,
): Promise<Invocation<R>> {
  return invokeOnce(join(inject("deployed"), "audit/index.js"), event, context, env);
}

/** The environment that points the function at an emulator; the keys are in the context. */
export function functionEnv({ endpoint }: Emulator): Record<string, string> {
  return {
    FLOWLOG_GUARD_VPC_ENDPOINT: endpoint,
    FLOWLOG_GUARD_STS_ENDPOINT: endpoint,
    FLOWLOG_GUARD_ECS_ENDPOINT: endpoint,
    FLOWLOG_GUARD_SLS_ENDPOINT: endpoint,
    FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT: endpoint,
    FLOWLOG_GUARD_CLOUD_CONFIG_ENDPOINT: endpoint,
    FLOWLOG_GUARD_ACTIONTRAIL_ENDPOINT: endpoint,
  };
}
