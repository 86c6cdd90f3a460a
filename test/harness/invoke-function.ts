import { join } from "node:path";

import { inject } from "vitest";

import type { HttpResponse } from "../../functions/audit/http-response.ts";
import type { CheckResult } from "../../functions/check/check.ts";
import type { FunctionContext } from "../../shared/function-compute/function-context.ts";
import type { Report } from "../../shared/audit/report.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { runNode } from "./run-process.ts";

/** What a function's invocation came to. */
export interface Invocation<R> {
  /** Null where it threw. */
  readonly result: R | null;
  /** Null where it returned. */
  readonly error: { readonly name: string; readonly message: string } | null;
  /** The lines of the log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** All that left the process. */
  readonly output: string;
}

const MARK = "--- outcome ---";

/**
 * Stands in for the runtime: requires the file, calls the handler with a Buffer and a context, and
 * lets the process end by itself. A socket or a timer that is left behind would keep it.
 */
const RUNTIME = `
const { handler } = require(process.argv[1]);
handler(Buffer.from(process.argv[2]), JSON.parse(process.argv[3])).then(
  (result) => ({ result: result, error: null }),
  (error) => ({ result: null, error: { name: error.name, message: error.message } }),
).then((outcome) => console.log(${JSON.stringify(MARK)} + JSON.stringify(outcome)));
`;

/** A context as the runtime gives it, with the emulator's keys. */
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

/** Invokes a built function in a bare Node process. */
export async function invokeFunction<R>(
  bundle: string,
  event: string,
  context: FunctionContext,
  env: Readonly<Record<string, string>>,
): Promise<Invocation<R>> {
  const args = ["-e", RUNTIME, bundle, event, JSON.stringify(context)];
  const { stdout, stderr } = await runNode(args, { env });
  const [log = "", outcome] = stdout.split(MARK);
  if (outcome === undefined) throw new Error(`The function gave no outcome: ${stdout}${stderr}`);
  return {
    ...JSON.parse(outcome),
    log: log
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line)),
    output: stdout + stderr,
  };
}

/** Invokes the built check function. */
export async function invokeCheck(
  event: string,
  context: FunctionContext,
  env: Readonly<Record<string, string>>,
  bundle: string = join(inject("deployed"), "check/index.js"),
): Promise<Invocation<CheckResult>> {
  return invokeFunction(bundle, event, context, env);
}

/** Invokes the built audit function. */
export async function invokeAudit<R extends Report | HttpResponse>(
  event: string,
  context: FunctionContext,
  env: Readonly<Record<string, string>>,
): Promise<Invocation<R>> {
  return invokeFunction(join(inject("deployed"), "audit/index.js"), event, context, env);
}

/** What points the function at an emulator; the keys come with the context. */
export function functionEnv({ endpoint }: Emulator): Record<string, string> {
  return { FLOWLOG_GUARD_VPC_ENDPOINT: endpoint, FLOWLOG_GUARD_STS_ENDPOINT: endpoint };
}
