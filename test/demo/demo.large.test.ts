import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { runNode } from "../harness/run-process.ts";

test("the demo audits, alerts and exits, whatever the machine's configuration", async () => {
  const demo = fileURLToPath(new URL("demo.ts", import.meta.url));
  const env = { FLOWLOG_GUARD_REGIONS: "us-east-1", ALIBABA_CLOUD_SECURITY_TOKEN: "somebody's" };
  const { exitCode, stdout, stderr } = await runNode(["--import", "tsx", demo], { env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain('"event":"run"');
  expect(stdout).toContain("The signature was verified by an independent library.");
  expect(stdout).toContain('"type": "flowlog-guard.alert"');
  const titles = [...stdout.matchAll(/^### (.*) \[flowlog-guard\]$/gm)].map(([, title]) => title);
  expect(titles).toEqual([
    "Not activated: 2 regions · VPC flow log service",
    "Cannot be read: me-east-1 · VPC flow log service",
    "Resolved, now activated: cn-heyuan · VPC flow log service",
  ]);
  expect(stdout).toContain("### Resolved, now activated: cn-heyuan · VPC flow log service");
  expect(stdout).toContain("✔ COMPLIANT           cn-beijing       ACTIVATED");
  expect(stdout).toContain("✖ NON_COMPLIANT       cn-heyuan        NOT_ACTIVATED");
  expect(stdout).toContain("? INSUFFICIENT_DATA   me-east-1        ACCESS_DENIED");
  expect(stdout).toContain("5 compliant, 2 not compliant, 1 could not be read");
  expect(stdout).toContain("flowlog-guard audit");
  const [, depth = ""] = stdout.split("5. Is traffic really recorded there?");
  const gaps = [...depth.matchAll(/^✖ NON_COMPLIANT +(\S+) +(\S+) .* ([A-Z_]{5,}) +\S+$/gm)];
  expect(gaps.map(([, rule, region, reason]) => `${region} ${rule} ${reason}`)).toEqual([
    "cn-beijing vpc-flow-log-delivered DELIVERY_FAILED",
    "cn-beijing flow-log-retention LOG_STORE_MISSING",
    "cn-hangzhou vpc-flow-log-active PARTLY_COVERED",
    "cn-heyuan flow-log-service-activated NOT_ACTIVATED",
    "cn-shanghai vpc-flow-log-active FLOW_LOG_INACTIVE",
    "cn-shanghai vpc-flow-log-complete TRAFFIC_PATH_PARTIAL",
    "cn-shanghai flow-log-retention RETENTION_TOO_SHORT",
  ]);
});
