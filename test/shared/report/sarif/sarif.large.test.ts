import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { formatOf } from "../../../../shared/report/formats.ts";
import { manyFindings } from "../../../harness/many-findings.ts";
import { brokenRules, CARDS, type SarifRun } from "./read-sarif.ts";

test("a file of 30,000 findings leaves out what is compliant first, and says so, within GitHub's limits and in little time", async () => {
  const report = manyFindings(30_000);
  const startMs = performance.now();
  const text = await formatOf("sarif").render(report, { color: false, cards: CARDS });
  expect(performance.now() - startMs).toBeLessThan(10_000);
  const [run] = (JSON.parse(text) as { runs: [SarifRun] }).runs;
  expect(brokenRules(run)).toEqual([]);
  expect(run.results).toHaveLength(25_000);
  expect(run.results.filter(({ kind }) => kind === "fail")).toHaveLength(3_000);
  expect(run.results.slice(0, 3_000).every(({ kind }) => kind === "fail")).toBe(true);
  const [{ toolExecutionNotifications }] = run.invocations;
  expect(toolExecutionNotifications).toHaveLength(3_001);
  expect(toolExecutionNotifications[0]).toMatchObject({
    descriptor: { id: "RESULTS_LEFT_OUT" },
    message: {
      text: "Left out of this file: 2000 COMPLIANT, of 30000 findings. The report in JSON has all of them.",
    },
    properties: { leftOut: { COMPLIANT: 2_000 }, total: 30_000 },
  });
  expect(run.properties).toMatchObject({ leftOut: { COMPLIANT: 2_000 } });
  expect(gzipSync(text).length).toBeLessThan(10_000_000);
});
