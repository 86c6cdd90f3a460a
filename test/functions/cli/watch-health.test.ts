import { describe, expect, test } from "vitest";

import { runMain } from "../../harness/run-main.ts";

// Answers over a socket, and the image's check: watch-health.large.test.ts.
describe("watch does not start", () => {
  test.each([
    [["--schedule", "@every 1h", "--health", "x"], "--health: is no address for health checks"],
    [["--once", "--health", "8080"], "--health: contradicts --once"],
    // 192.0.2.0/24 is reserved for documentation, so no machine has it.
    [
      ["--schedule", "@every 1h", "--health", "192.0.2.1:8080"],
      "--health: cannot listen at 192.0.2.1:8080 (EADDRNOTAVAIL): choose an address of this machine",
    ],
  ])("with %j", async (args, message) => {
    const { exitCode, stderr } = await runMain(["watch", ...args]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(message);
  });
});

test("the image's variable does not hurt other commands", async () => {
  const env = { FLOWLOG_GUARD_HEALTH: "127.0.0.1:8080" };
  expect(await runMain(["config"], env)).toMatchObject({ exitCode: 0, stderr: "" });
  const once = await runMain(["watch", "--once"], env);
  expect(once.stdout).toContain("CredentialsError");
  const remote = await runMain(["audit", "--remote", "--region", "cn-hangzhou"], env);
  expect(remote.stderr).not.toContain("FLOWLOG_GUARD_HEALTH");
});
