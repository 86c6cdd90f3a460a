import { inspect } from "node:util";

import { expect } from "vitest";

import { audit } from "../../functions/audit/audit.ts";
import type { LogEntry } from "../../shared/conclude/run-log.ts";
import type { FunctionContext } from "../../shared/entry/function-context.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { configEvent, type ConfigEventOverrides, RESULT_TOKEN } from "./config-event.ts";
import { functionContext, functionEnv } from "./invoke-function.ts";

export interface AnswerOptions {
  /** What the configuration file has. @default nothing */
  readonly file?: Readonly<Record<string, unknown>>;
  readonly context?: Partial<FunctionContext>;
}

/** What came of an event. */
export interface AnsweredEvent {
  readonly result: unknown;
  /** Null where there was none. */
  readonly error: Error | null;
  readonly log: readonly LogEntry[];
}

/**
 * Invokes the audit function in this process as Cloud Config does, and expects its token neither in the
 * result nor in the error with all its causes, nor in the log.
 */
export async function answerConfigEvent(
  emulator: Emulator,
  event: ConfigEventOverrides = {},
  { file = {}, context = {} }: AnswerOptions = {},
): Promise<AnsweredEvent> {
  const log: LogEntry[] = [];
  const runtime = {
    env: functionEnv(emulator),
    file: { name: "flowlog-guard.yaml", values: file },
    clock: () => new Date(),
    log: (entry: LogEntry) => log.push(entry),
  };
  const bytes = Buffer.from(configEvent(event));
  const outcome = await audit(bytes, functionContext(emulator, context), runtime).then(
    (result) => ({ result, error: null }),
    (error: unknown) => ({ result: null, error: asError(error) }),
  );
  expectNoToken(inspect({ ...outcome, log }, { depth: Infinity }));
  return { ...outcome, log };
}

function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  throw new Error("what was thrown is no error");
}

/** Neither the token, nor its beginning or end, nor a form of it in a body. */
export function expectNoToken(output: string): void {
  for (const token of [RESULT_TOKEN, encodeURIComponent(RESULT_TOKEN)]) {
    expect(output).not.toContain(token.slice(0, 12));
    expect(output).not.toContain(token.slice(-12));
  }
}
