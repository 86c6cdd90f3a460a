import { AttemptError } from "../../../shared/audit/attempt-error.ts";
import { CallError } from "../../../shared/audit/call-error.ts";
import { ConfigError, RunError } from "../../../shared/audit/run-error.ts";
import type { Outcome } from "./outcome.ts";
import { problem } from "./outcome.ts";
import { splitAdvice } from "./split-advice.ts";

/** The commands that print the policy which allows what was refused. */
export const POLICY_COMMANDS = {
  own: "flowlog-guard policy",
  member: "flowlog-guard policy --member",
  history: "flowlog-guard policy --history",
} as const;

/**
 * The problem that an error of the program is. Its message contains no secret.
 *
 * @param policy - whose policy is wrong where access is denied
 * @throws any other error, which is a fault of the program
 */
export function outcomeOfError(
  error: unknown,
  policy: keyof typeof POLICY_COMMANDS = "own",
): Outcome {
  if (error instanceof ConfigError) {
    const [first = "", ...others] = error.problems;
    return problem("CONFIG_INVALID", first, {
      ...(others.length > 0 && { lines: others }),
      mend: "Correct the configuration.",
    });
  }
  if (error instanceof CallError) {
    const { detail, mend } = splitAdvice(error.message);
    return problem(error.code, detail, {
      exchange: error.exchange,
      mend: mendOfCall(error, mend, POLICY_COMMANDS[policy]),
    });
  }
  if (error instanceof RunError || error instanceof AttemptError) {
    const { detail, mend } = splitAdvice(error.message);
    return problem(codeOf(error), detail, { mend });
  }
  throw error;
}

function mendOfCall({ code }: CallError, mend: string | undefined, command: string) {
  if (code === "ACCESS_DENIED") {
    return [mend, `The least policy is printed by: ${command}`].filter(Boolean).join(" ");
  }
  return mend ?? "Check the network to that host, and run it again.";
}

/** The error's own code, else its kind: `CREDENTIALS` of a `CredentialsError`. */
function codeOf(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  const name = error.name.replace(/Error$/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_");
  return typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : name.toUpperCase();
}
