import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { organizationOf } from "../../emulator/organization.ts";
import { startConnectProxy } from "../../harness/connect-proxy.ts";
import { emulatorEnv } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { startUntrustedServer } from "../../harness/untrusted-server.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const KEY = {
  accessKeyId: "STS.NUdoctorKeyId0042",
  accessKeySecret: "doctor-secret-9d1c",
  securityToken: "CAISdoctorToken7731==",
};

/** Whatever could be read by somebody else is a secret; of each, every part that would be enough. */
const SECRETS = [
  ...Object.values(KEY),
  ...["hook-path-5c21", "hook-token-88fe", "signing-secret-31aa", "bearer-token-62bd"],
  ...["header-value-90cd", "basic-password-17ef", "label-value-44aa", "ping-token-73bb"],
  ...["external-id-2c9e", "proxy-user-8d", "proxy-password-5f"],
];

/** A configuration with a secret wherever one can be. */
function configOf(host: string): string {
  const path = "hook-path-5c21?token=hook-token-88fe";
  return JSON.stringify({
    organization: { roleName: "flowlog-guard-audit", externalId: "external-id-2c9e" },
    alerts: {
      receivers: [
        {
          type: "webhook",
          name: "one",
          url: `${host}/${path}`,
          secret: "whsec_c2lnbmluZy1zZWNyZXQtMzFhYS1zaWduaW5nLXNlY3JldA==",
          headers: { "X-Scope-OrgID": "header-value-90cd" },
          bearerToken: "bearer-token-62bd",
        },
        {
          type: "alertmanager",
          name: "two",
          url: `${host}/${path}`,
          basicAuth: { username: "user", password: "basic-password-17ef" },
          labels: { team: "label-value-44aa" },
        },
      ],
    },
    heartbeat: `${host}/ping-token-73bb`,
  });
}

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flowlog-guard-doctor-leaks-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** All that doctor prints, in every format. */
async function printed(emulator: Emulator, host: string, env: Readonly<Record<string, string>>) {
  const file = join(dir, "guard.yaml");
  writeFileSync(file, configOf(host));
  const outputs: string[] = [];
  for (const args of [["-v"], ["-q"], ["--format", "json", "-v"]]) {
    const { stdout, stderr } = await runMain(["doctor", "--config", file, ...args], {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: KEY.securityToken,
      ...env,
    });
    outputs.push(stdout + stderr);
  }
  return outputs.join("\n");
}

function leaksIn(output: string): string[] {
  const encoded = "c2lnbmluZy1zZWNyZXQtMzFhYS1";
  const parts = [...SECRETS, encoded, "ACS3-HMAC", "Signature=", "x-acs-security-token"];
  return parts.filter((part) => output.includes(part));
}

async function start(fault?: Fault): Promise<Emulator> {
  return startEmulator({
    keys: [KEY],
    regions: { "cn-hangzhou": { activated: true, ...(fault && { fault }) } },
    faults: fault === undefined ? {} : { GetCallerIdentity: fault, AssumeRole: fault },
    ...organizationOf({ memberCount: 2, externalId: "external-id-2c9e" }),
  });
}

describe("no secret is printed", () => {
  test("where everything is right", async () => {
    await using emulator = await start();
    await using catcher = await startWebhookCatcher();
    const output = await printed(emulator, catcher.origin, {});
    // The hosts are, so that the table has something to leak.
    expect(output).toContain(new URL(catcher.origin).host);
    expect(output).toContain("Receiver two");
    expect(leaksIn(output)).toEqual([]);
    expect(catcher.messages).toEqual([]);
  });

  test.each<[string, Fault]>([
    ["in JSON", { kind: "echo", status: 403, form: "json" }],
    ["in a page", { kind: "echo", status: 502, form: "text" }],
    ["in a page with 200", { kind: "echo", status: 200, form: "text" }],
  ])("where a service repeats the request %s", async (_what, fault) => {
    await using emulator = await start(fault);
    const output = await printed(emulator, "http://127.0.0.1:9", {});
    expect(output).toContain("ECONNREFUSED");
    expect(leaksIn(output)).toEqual([]);
  });

  test("where a host is not trusted", async () => {
    await using emulator = await start();
    await using untrusted = await startUntrustedServer("hook-authority");
    const output = await printed(emulator, `https://${untrusted.host}`, {});
    expect(output).toContain("NODE_EXTRA_CA_CERTS");
    expect(leaksIn(output)).toEqual([]);
  });

  test("where the proxy refuses its password", async () => {
    await using emulator = await start();
    await using proxy = await startConnectProxy({ answer: 407 });
    const output = await printed(emulator, "https://hooks.example.invalid", {
      HTTPS_PROXY: `http://proxy-user-8d:proxy-password-5f@${proxy.host}`,
      FLOWLOG_GUARD_STS_ENDPOINT: "sts.example.invalid",
    });
    expect(output).toContain("does not take the user and password in HTTPS_PROXY");
    expect(leaksIn(output)).toEqual([]);
  });
});
