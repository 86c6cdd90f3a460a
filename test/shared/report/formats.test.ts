import { describe, expect, test } from "vitest";

import { readHttpRequest } from "../../../functions/audit/http-request.ts";
import { errorResponse, reportResponse } from "../../../functions/audit/http-response.ts";
import { FORMAT_NAMES, formatOf, FORMATS } from "../../../shared/report/formats.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { DEFAULT_RULES, loadRules } from "../../../shared/rules/rules.ts";
import { reportWith } from "../../harness/report-with.ts";
import { resourceReport } from "../../harness/resource-report.ts";
import { runCli } from "../../harness/run-cli.ts";

const REPORT = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);

describe("every format", () => {
  test.each(FORMAT_NAMES)("%s names each region, and ends with a line end", async (name) => {
    const text = await formatOf(name).render(REPORT, { color: false, cards: DEFAULT_RULES });
    for (const { regionId } of REPORT.findings) expect(text).toContain(regionId);
    expect(text).toMatch(/[^\n]\n$/);
  });

  test.each(FORMAT_NAMES)("%s is written of ids that no address can have", async (name) => {
    const findings = RULE_IDS.flatMap((ruleId) => [
      { ruleId, regionId: "cn-\ud800" },
      { ruleId, id: "project/\udfff" },
    ]);
    const cards = await loadRules(RULE_IDS);
    const text = await formatOf(name).render(resourceReport(findings), { color: false, cards });
    expect(text).toContain("flow-log-retention");
  });

  test.each(FORMAT_NAMES)(
    "%s is what an HTTP request asks for by name, with its content type",
    async (name) => {
      const event = {
        requestContext: { http: { method: "GET" } },
        queryParameters: { format: name },
      };
      const { format } = readHttpRequest(event);
      const { contentType, render } = formatOf(name);
      expect(contentType).toMatch(/^[a-z]+\/[a-z+.-]+(; version=[\d.]+)?; charset=utf-8$/);
      expect(await reportResponse(REPORT, format)).toMatchObject({
        statusCode: 200,
        headers: { "content-type": contentType },
        body: await render(REPORT, { color: false, cards: DEFAULT_RULES }),
      });
    },
  );

  test.each([true, false])("is not that of an error, which is JSON: bad request %s", (isBad) => {
    const { headers, body } = errorResponse(new Error("x"), isBad);
    expect(headers["content-type"]).toBe(FORMATS.json.contentType);
    expect(JSON.parse(body)).toEqual({ error: { name: "Error", message: "internal error" } });
  });

  test("has an extension of its own", () => {
    const extensions = Object.values(FORMATS).map(({ extension }) => extension);
    expect(new Set(extensions).size).toBe(extensions.length);
    for (const extension of extensions) expect(extension).toMatch(/^[a-z]+(\.[a-z]+)?$/);
  });

  test("is an accepted value of audit --format", async () => {
    const { stdout } = await runCli(["audit", "--help"]);
    const [, choices = ""] =
      /format of the report on stdout.*?\(choices:(.*?)\)/s.exec(stdout) ?? [];
    expect(choices.replaceAll(/["\s]/g, "").split(",")).toEqual(FORMAT_NAMES);
  });
});
