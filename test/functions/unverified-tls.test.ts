import { expect, test } from "vitest";

import { functionContext, invokeCheck } from "../harness/invoke-function.ts";
import { startProxiedCloud } from "../harness/proxied-cloud.ts";
import { runCli } from "../harness/run-cli.ts";
import { startUntrustedServer } from "../harness/untrusted-server.ts";

const UNVERIFIED = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };

test("doctor calls no host fine whose certificate is not trusted", async () => {
  await using cloud = await startProxiedCloud();
  await using untrusted = await startUntrustedServer();
  const { exitCode, stdout, stderr } = await runCli(["doctor", "--quiet"], {
    ...cloud.env,
    ...UNVERIFIED,
    FLOWLOG_GUARD_REGIONS: "cn-hangzhou",
    FLOWLOG_GUARD_HEARTBEAT_URL: `https://${untrusted.host}/ping-token`,
  });
  expect(exitCode).toBe(3);
  expect(stderr).toBe("");
  expect(stdout).toContain("Heartbeat");
  expect(stdout).toContain("authority that this machine does not trust");
});

test("no alert goes to a host whose certificate is not trusted", async () => {
  await using cloud = await startProxiedCloud();
  await using untrusted = await startUntrustedServer();
  const { error } = await invokeCheck("", functionContext(cloud.emulator), {
    ...cloud.env,
    ...UNVERIFIED,
    FLOWLOG_GUARD_WEBHOOK_URL: `https://${untrusted.host}/hook`,
  });
  expect(error?.message).toContain("authority that this machine does not trust");
});
