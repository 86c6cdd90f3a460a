import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator } from "../emulator/emulator.ts";
import { type CertificateTerms, createAuthority } from "../harness/certificates.ts";
import { functionContext, functionEnv, invokeCheck } from "../harness/invoke-function.ts";
import { runCli } from "../harness/run-cli.ts";
import { startUntrustedServer } from "../harness/untrusted-server.ts";

const KNOWN = createAuthority();

let folder: string;
let authorityFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-certificates-"));
  authorityFile = join(folder, "ca.pem");
  await writeFile(authorityFile, KNOWN.cert);
});
afterAll(() => rm(folder, { recursive: true }));

const KEYS = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tCertificateKey",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret-2c",
};
const REMOTE = ["audit", "--remote", "--region", "cn-hangzhou", "--account", "1234567890123456"];

/** A command for each service but the heartbeat, which asks only that service, at a host. */
const SERVICES: Readonly<
  Record<string, (host: string) => readonly [args: readonly string[], env: Record<string, string>]>
> = {
  VPC: (host) => [["audit"], { ...KEYS, FLOWLOG_GUARD_VPC_ENDPOINT: host }],
  STS: (host) => [
    ["audit"],
    {
      ...KEYS,
      ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1234567890123456:role/auditor",
      FLOWLOG_GUARD_STS_ENDPOINT: host,
    },
  ],
  OSS: (host) => [
    ["state", "show"],
    {
      ...KEYS,
      FLOWLOG_GUARD_OSS_ENDPOINT: host,
      FLOWLOG_GUARD_STATE: "oss://guard-bucket/a/?region=cn-hangzhou",
    },
  ],
  "Function Compute": (host) => [REMOTE, { ...KEYS, FLOWLOG_GUARD_FC_ENDPOINT: host }],
  "a receiver": (host) => [["alert", "test"], { FLOWLOG_GUARD_WEBHOOK_URL: `https://${host}/x` }],
  "a credentials URI": (host) => [
    ["audit"],
    { ALIBABA_CLOUD_CREDENTIALS_URI: `https://${host}/x` },
  ],
  "a proxy": (host) => [["audit"], { ...KEYS, HTTPS_PROXY: `https://${host}` }],
};

async function heartbeatAt(host: string, env: Readonly<Record<string, string>>): Promise<string> {
  await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
  const { output } = await invokeCheck("", functionContext(emulator), {
    ...functionEnv(emulator),
    ...env,
    FLOWLOG_GUARD_HEARTBEAT_URL: `https://${host}/x`,
  });
  return output;
}

describe.each<[string, CertificateTerms, typeof KNOWN, RegExp]>([
  [
    "by an unknown authority",
    { hosts: ["127.0.0.1"] },
    createAuthority("Somebody"),
    /has a certificate of an authority that this machine does not trust \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\).*NODE_EXTRA_CA_CERTS/,
  ],
  [
    "that has expired",
    { hosts: ["127.0.0.1"], notAfter: new Date("2021-01-01T00:00:00Z") },
    KNOWN,
    /has a certificate that has expired \(CERT_HAS_EXPIRED\)/,
  ],
  [
    "for another host",
    { hosts: ["else.example"] },
    KNOWN,
    /has a certificate that is for another host \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
  ],
])("a certificate %s", (_name, terms, authority, says) => {
  test("is reported as one by every client", async () => {
    await using server = await startUntrustedServer(authority.issue(terms));
    const { host } = server;
    const network = { NODE_EXTRA_CA_CERTS: authorityFile };
    const notified = await Promise.all(
      Object.entries(SERVICES).map(async ([name, how]) => {
        const [args, env] = how(host);
        const { stdout, stderr } = await runCli(args, { ...env, ...network });
        return [name, stdout + stderr] as const;
      }),
    );
    const outputs = [...notified, ["the heartbeat", await heartbeatAt(host, network)] as const];
    expect(outputs.filter(([, output]) => !says.test(output))).toEqual([]);
  });
});
