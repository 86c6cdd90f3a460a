import type { FollowedGuide } from "./follow-guide.ts";
import type { Guide } from "./guides.ts";

/** What a command that works does not write. */
const COMPLAINT = /\berror:|^usage:|not found|no such/im;

/** What is wrong with the commands of a guide that was followed; see `Guide.exitCodes`. */
export function problemsOf({ statements }: FollowedGuide, { exitCodes = {} }: Guide): string[] {
  const calls = statements.flatMap((ran) => ran.calls);
  const unused = Object.keys(exitCodes).filter((args) => calls.every((call) => call.args !== args));
  const problems = statements.flatMap((ran) => {
    const { statement, exitCode, stderr } = ran;
    const wrong = ran.calls.filter((call) => call.exitCode !== (exitCodes[call.args] ?? 0));
    const isExpected = exitCode === 0 || exitCode === ran.calls.at(-1)?.exitCode;
    if (wrong.length === 0 && isExpected && !COMPLAINT.test(stderr)) return [];
    const codes = wrong.map((call) => `flowlog-guard ${call.args} exits with ${call.exitCode}`);
    return [[statement, `exits with ${exitCode}`, ...codes, stderr.trimEnd()].join("\n")];
  });
  return [...problems, ...unused.map((args) => `not called: flowlog-guard ${args}`)];
}
