import type { Rule } from "../../shared/rules/rule.ts";

/** A made-up rule that every region complies with: nothing that is said of it is said of a real one. */
export const SAMPLE_RULE: Rule = {
  id: "sample-rule",
  title: "The sample is in order",
  severity: "medium",
  controls: [
    { framework: "ACME Baseline", version: "3.1", id: "7", relation: "implements" },
    { framework: "ACME Baseline", version: "3.1", id: "9.2", relation: "precondition" },
  ],
  doesNotProve: "that samples are kept",
  reasons: {
    IN_ORDER: { status: "COMPLIANT", en: "in order", zh: "正常" },
    OUT_OF_ORDER: { status: "NON_COMPLIANT", en: "out of order", zh: "异常" },
  },
  remedy: {
    command: (regionId) => `acme mend --region ${regionId}`,
    consoleUrl: (regionId) => `https://console.example/${regionId}`,
    before: { en: "Mind the step.", zh: "小心台阶。" },
    after: { en: "Sweep the floor.", zh: "请扫地。" },
  },
  permissions: [],
  async evaluate() {
    const exchange = { requestId: null, endpoint: null, httpStatus: 200 };
    return { status: "COMPLIANT", reason: { code: "IN_ORDER", message: "" }, exchange };
  },
};
