import { AttemptError } from "../../../../shared/audit/attempt-error.ts";
import { CallError } from "../../../../shared/audit/call-error.ts";
import { ConfigError, RunError } from "../../../../shared/audit/run-error.ts";
import type { Learnt } from "./check.ts";
import type { Outcome } from "./outcome.ts";
import { problem } from "./outcome.ts";
import { splitAdvice } from "./split-advice.ts";

/** The command that prints the policy of the identity that audits. */
const OWN_POLICY = "flowlog-guard policy";

/** The command that prints the policy of the identity that reads evidence and the trail. */
export const HISTORY_POLICY = "flowlog-guard policy --history";

/** The command that prints the policies of the role in other accounts. */
export function memberPolicy({ caller }: Learnt): string {
  return `flowlog-guard policy --member --account ${caller?.accountId ?? "ACCOUNT_ID"}`;
}

/**
 * The problem that an error of the program is. Its message contains no secret.
 *
 * @param policyCommand - prints the policy that allows what is denied
 * @throws any other error, which is a fault of the program
 */
export function outcomeOfError(error: unknown, policyCommand = OWN_POLICY): Outcome {
  if (error instanceof ConfigError) {
    const [first = "", ...others] = error.problems;
    return problem("CONFIG_INVALID", first, {
      ...(others.length > 0 && { lines: others }),
      fix: "Correct the configuration.",
    });
  }
  if (error instanceof CallError) {
    const { detail, fix } = splitAdvice(error.message);
    return problem(error.code, detail, {
      exchange: error.exchange,
      fix: fixOfCall(error, fix, policyCommand),
    });
  }
  if (error instanceof RunError || error instanceof AttemptError) {
    const { detail, fix } = splitAdvice(error.message);
    return problem(codeOf(error), detail, { fix });
  }
  throw error;
}

function fixOfCall({ code }: CallError, fix: string | undefined, command: string): string {
  if (code === "ACCESS_DENIED" || code === "ROLE_REFUSED") {
    const advice = `The least policy is printed by: ${command}`;
    return fix === undefined ? advice : `${fix} ${advice}`;
  }
  return fix ?? "Check the network to that host, and run it again.";
}

/** The error's own code, else its kind: `CREDENTIALS` of a `CredentialsError`. */
function codeOf(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  const name = error.name.replace(/Error$/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_");
  return typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : name.toUpperCase();
}
