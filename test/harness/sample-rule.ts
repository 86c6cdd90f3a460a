import type { Finding, Status } from "../../shared/audit/finding.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import { evidenceOf } from "./evidence-of.ts";

/**
 * A made-up rule about resources, with texts unlike any real rule's. Every region complies with it.
 */
export const SAMPLE_RULE: Rule = {
  id: "sample-rule",
  title: "The sample is in order",
  severity: "medium",
  controls: [
    { framework: "ACME Baseline", version: "3.1", id: "7", relation: "implements" },
    { framework: "ACME Baseline", version: "3.1", id: "9.2", relation: "precondition" },
  ],
  doesNotProve: "that samples are kept",
  subject: {
    type: "ACME::Lab::Sample",
    noun: { en: { one: "sample", other: "samples" }, zh: "份样品" },
  },
  reasons: {
    IN_ORDER: { status: "COMPLIANT", en: "in order", zh: "完好", message: "It is in order." },
    BROKEN: { status: "NON_COMPLIANT", en: "broken", zh: "破损", message: "It is broken." },
    MISLABELLED: {
      status: "NON_COMPLIANT",
      en: "wrong label",
      zh: "标签错误",
      message: "Its label is wrong.",
    },
    UNCLEAR: {
      status: "INSUFFICIENT_DATA",
      en: "label hard to make out",
      zh: "标签不清",
      message: "Its label is hard to make out.",
    },
    ON_LOAN: {
      status: "NOT_APPLICABLE",
      en: "on loan to another lab",
      zh: "已借出",
      message: "It is on loan to another lab.",
    },
  },
  words: {
    en: { topic: "ACME samples", open: "out of order", compliant: "in order" },
    zh: {
      title: "样品完好",
      doesNotProve: "样品已留存",
      topic: "ACME 样品",
      open: "未就绪",
      compliant: "已就绪",
    },
  },
  alertNames: { open: "AcmeSampleOutOfOrder", unreadable: "AcmeSampleUnreadable" },
  remedy: ({ regionId, resource }) => ({
    command: resource === undefined ? null : `acme mend --region ${regionId} --id ${resource.id}`,
    consoleUrl: `https://console.example/${encodeURIComponent(regionId)}/${encodeURIComponent(resource?.id ?? "")}`,
    before: { en: "Mind the step.", zh: "小心台阶。" },
    after: {
      note: { en: "Sweep the floor.", zh: "请扫地。" },
      linkText: { en: "Fetch a broom", zh: "取扫帚" },
    },
  }),
  permissions: [],
  async evaluate() {
    const evidence = evidenceOf({ requestId: null, endpoint: null, httpStatus: 200 });
    return [{ status: "COMPLIANT", reason: { code: "IN_ORDER", message: "" }, evidence }];
  },
};

const CODES: Readonly<Partial<Record<Status, string>>> = {
  COMPLIANT: "IN_ORDER",
  NON_COMPLIANT: "BROKEN",
};

/**
 * The same finding about a sample in place of the region. An unreadable one stays about the region,
 * whose samples are not known.
 */
export function asSample(finding: Finding, id = `s-${finding.regionId}`): Finding {
  const { status, reason } = finding;
  return {
    ...finding,
    ruleId: SAMPLE_RULE.id,
    reason: { ...reason, code: CODES[status] ?? reason.code },
    ...(status !== "INSUFFICIENT_DATA" && {
      resource: { type: "ACME::Lab::Sample", id, name: `name of ${id}` },
    }),
  };
}
