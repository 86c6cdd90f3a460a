import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { runNode } from "../harness/run-process.ts";

test("the demo shows the table and the messages first, then the rest, whatever the machine's configuration", async () => {
  const demo = fileURLToPath(new URL("demo.ts", import.meta.url));
  const env = { FLOWLOG_GUARD_REGIONS: "us-east-1", ALIBABA_CLOUD_SECURITY_TOKEN: "somebody's" };
  const { exitCode, stdout, stderr } = await runNode(["--import", "tsx", demo], { env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  // The table and the messages of the chats come first.
  const [, table = "", chats = "", changes = "", log = "", webhook = "", depth = ""] =
    stdout.split(/^\d\. /m);
  expect(table).toContain("✔ COMPLIANT           cn-beijing       ACTIVATED");
  expect(table).toContain("✖ NON_COMPLIANT       cn-heyuan        NOT_ACTIVATED");
  expect(table).toContain("? INSUFFICIENT_DATA   me-east-1        ACCESS_DENIED");
  expect(table).toContain("5 compliant, 2 not compliant, 1 could not be read");
  expect(table).toContain("The exit code is 1");
  expect(chats).toContain("│ Not activated: 2 regions · VPC flow log service [flowlog-guard]\n");
  expect(chats).toContain(
    "│ cn-heyuan China (Heyuan): the VPC flow log service is not activated\n",
  );
  expect(chats).toContain("│ 未开通：2 个地域 · VPC 流日志功能 [flowlog-guard]\n");
  expect(chats).toContain("│ cn-heyuan 华南2（河源）：未开通 VPC 流日志功能\n");
  expect([...changes.matchAll(/^(\d\d:17) {2}(.*)$/gm)].map(([line]) => line)).toEqual([
    "09:17  Cannot be read: me-east-1 · VPC flow log service [flowlog-guard]",
    "10:17  nothing",
    "11:17  Resolved, now activated: cn-heyuan · VPC flow log service [flowlog-guard]",
    "12:17  nothing",
  ]);
  expect(log.match(/"event":"finding"/g)).toHaveLength(3);
  expect(log.match(/"event":"run"/g)).toHaveLength(1);
  expect(webhook).toContain("The signature was verified by an independent library.");
  expect(webhook).toContain('"type":"flowlog-guard.alert"');
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
