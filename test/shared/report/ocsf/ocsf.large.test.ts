import { expect, test } from "vitest";

import { ocsf } from "../../../../shared/report/ocsf.ts";
import { RESOURCE_RULES } from "../../../../shared/rules/resource-rules.ts";
import { manyFindings } from "../../../harness/many-findings.ts";
import { eventProblems } from "./event-problems.ts";

test("30,000 findings are 30,000 events, each valid and on a line of its own, in little time", async () => {
  const report = manyFindings(30_000);
  const startMs = performance.now();
  const text = await ocsf.render(report, { color: false, cards: RESOURCE_RULES });
  expect(performance.now() - startMs).toBeLessThan(10_000);
  const lines = text.trimEnd().split("\n").slice(1, -1);
  expect(lines).toHaveLength(30_000);
  const problems = lines.flatMap((line) => eventProblems(JSON.parse(line.replace(/,$/, ""))));
  expect(problems).toEqual([]);
});
