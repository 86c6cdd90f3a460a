/** The expected summary of the first rule, written out rather than taken from its card. */
export const ACTIVATION_RULE = {
  id: "flow-log-service-activated",
  title: "VPC flow log service is activated",
  severity: "critical",
  controls: ["2.5", "3.3"].map((id) => ({
    framework: "CIS Alibaba Cloud Foundation Benchmark",
    version: "2.0.0",
    id,
    relation: "precondition",
  })),
};
