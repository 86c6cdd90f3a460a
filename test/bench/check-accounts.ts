import type { CheckResult } from "../../functions/check/check.ts";
import type { FunctionContext } from "../../shared/entry/function-context.ts";
import { measureOnce, type OrganizationQuestion } from "./measure-once.ts";

/** The built check function, as Function Compute invokes it. */
async function check({ key, accountIds, regionIds, pattern, check: file }: OrganizationQuestion) {
  const { handler } = (await import(file)) as {
    readonly handler: (event: Uint8Array, context: FunctionContext) => Promise<CheckResult>;
  };
  const { summary } = await handler(Buffer.from(JSON.stringify({ accounts: [pattern] })), {
    requestId: "1-69217a01-1523a2f1-9d2b",
    credentials: key,
    function: { name: "flowlog-guard-check", timeout: 900 },
    region: "cn-hangzhou",
    accountId: "1234567890123456",
  });
  const expected = accountIds.length * regionIds.length;
  if (summary.compliant !== expected) throw new Error(JSON.stringify(summary));
}

measureOnce(check);
