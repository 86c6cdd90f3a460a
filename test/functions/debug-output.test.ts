import { describe, expect, test } from "vitest";

import { CLI_CONFIG, homeFolder } from "../harness/home-folder.ts";
import { functionContext, invokeCheck } from "../harness/invoke-function.ts";
import { type ProxiedCloud, startProxiedCloud } from "../harness/proxied-cloud.ts";
import { reportWith } from "../harness/report-with.ts";
import { runCli } from "../harness/run-cli.ts";
import { CATCHER_SECRETS } from "../harness/webhook-catcher.ts";

const ENV = {
  DEBUG: "*",
  FLOWLOG_GUARD_WEBHOOK_URL: `https://hooks.example.invalid/${CATCHER_SECRETS.join("?")}`,
  FLOWLOG_GUARD_STATE: "oss://guard-bucket/guard/?region=eu-central-1",
};
const TOKEN = "uri-token-5d";

function expectQuiet(output: string, { secrets }: ProxiedCloud): void {
  expect(output).not.toMatch(/x-acs-|x-oss-|x-fc-|authorization|signature|stringToSign/i);
  for (const secret of [...secrets, ...CATCHER_SECRETS, TOKEN]) {
    expect(output).not.toContain(secret);
  }
}

/** The output that `httpx`, `ali-oss`, `fc2` and others print through the package `debug`. */
describe("DEBUG=* prints nothing of a request", () => {
  test.each<[string, readonly string[], number]>([
    ["audit with a receiver and a state", ["audit", "--alert"], 1],
    ["an audit through a function", ["audit", "--remote", "--region", "eu-central-1"], 3],
  ])("%s", async (_name, args, exitCode) => {
    const report = reportWith(["COMPLIANT"]);
    await using cloud = await startProxiedCloud({
      "flowlog-guard-audit": async () => ({ result: report, error: null }),
    });
    const result = await runCli(args, { ...cloud.env, ...ENV });
    expect(result.exitCode).toBe(exitCode);
    expectQuiet(result.stdout + result.stderr, cloud);
  });

  test("keys of a credentials URI", async () => {
    const prod = { mode: "CredentialsURI", credentials_uri: `https://keys.invalid/${TOKEN}` };
    await using home = await homeFolder({
      [CLI_CONFIG]: { current: "prod", profiles: [{ name: "prod", ...prod }] },
    });
    await using cloud = await startProxiedCloud({}, [{ status: 403, body: `"${TOKEN}"` }]);
    const result = await runCli(["audit"], { ...cloud.network, ...ENV, HOME: home.path });
    expect(result.stderr).toContain("refused (HTTP 403)");
    expectQuiet(result.stdout + result.stderr, cloud);
  });

  test("the check function", async () => {
    await using cloud = await startProxiedCloud();
    const env = { ...cloud.env, ...ENV };
    const invocation = await invokeCheck("", functionContext(cloud.emulator), env);
    expect(invocation.result?.receivers).toMatchObject([{ status: "delivered" }]);
    expectQuiet(invocation.output, cloud);
  });
});
