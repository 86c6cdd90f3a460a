import { expect, test } from "vitest";

import type { HttpResponse } from "../../../functions/audit/http-response.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { eventProblems } from "../../shared/report/ocsf/event-problems.ts";
import { schemaErrors } from "../../shared/report/sarif/read-sarif.ts";

/** Asks the built function by HTTP for its own rule and those that it loads late. */
async function answerIn(
  format: string,
): Promise<{ readonly type: unknown; readonly body: unknown }> {
  await using emulator = await startEmulator({
    regions: {
      "cn-a": { activated: true },
      "cn-b": { activated: false },
      "cn-c": { activated: true, fault: { kind: "denied" } },
    },
  });
  const event = JSON.stringify({
    requestContext: { http: { method: "GET" } },
    queryParameters: { format, rules: "all" },
  });
  const { result, error } = await invokeAudit<HttpResponse>(
    event,
    functionContext(emulator),
    functionEnv(emulator),
  );
  expect(error).toBeNull();
  return { type: result?.headers["content-type"], body: JSON.parse(result?.body ?? "") };
}

test("the built function answers in SARIF", async () => {
  const { type, body } = await answerIn("sarif");
  expect(type).toBe("application/sarif+json; charset=utf-8");
  expect(schemaErrors(body)).toEqual([]);
  expect(body).toMatchObject({
    runs: [
      { invocations: [{ executionSuccessful: false }], tool: { driver: { rules: { length: 5 } } } },
    ],
  });
});

test("the built function answers in OCSF", async () => {
  const { type, body } = await answerIn("ocsf");
  expect(type).toBe("application/json; charset=utf-8");
  expect(body).toHaveLength(15);
  for (const event of body as readonly unknown[]) expect(eventProblems(event)).toEqual([]);
});
