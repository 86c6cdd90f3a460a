import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { startEmulator } from "../../emulator/emulator.ts";
import { startFunctionCompute } from "../../emulator/function-compute.ts";
import { startOss } from "../../emulator/oss.ts";
import type { RegionSeed, World } from "../../emulator/world.ts";
import { createAuthority } from "../../harness/certificates.ts";
import { startConnectProxy } from "../../harness/connect-proxy.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const [EMULATED_ID, EMULATED_SECRET] = ["LTAI5tGuideReader", "guide-secret-83b1"] as const;
/** The keys of the reader. */
export const KEYS = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: EMULATED_ID,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: EMULATED_SECRET,
} as const;

/** The external id of the roles of an organization. */
export const EXTERNAL_ID = "guide-external-id-5d2a";

/** The account of the reader, as the guides write it. */
const READER = "1234567890123456";
const MEMBERS = ["security", "prod-a", "prod-b", "prod-lab"] as const;
const STATE_AND_EVIDENCE = ["my-state", "my-evidence"] as const;

/** Everything is as it should be, so that a command that exits with anything but 0 says why. */
const REGIONS = Object.fromEntries(
  ["cn-hangzhou", "cn-shanghai", "eu-central-1", "ap-southeast-1", "us-west-1"].map((id) => [
    id,
    regionOf(id),
  ]),
);

function regionOf(id: string): RegionSeed {
  const [vpcId, projectName] = [`vpc-${id}`, `flow-logs-${id}`];
  return {
    activated: true,
    vpcs: [{ vpcId, vSwitchIds: [`vsw-${id}`] }],
    flowLogs: [{ flowLogId: `fl-${id}`, resourceType: "VPC", resourceId: vpcId, projectName }],
    logStores: { [`${projectName}/vpc`]: 365 },
  };
}

/** All services at their public names, behind a proxy. */
export interface GuideCloud extends AsyncDisposable {
  /** The network, and the keys of the reader. */
  readonly env: Readonly<Record<string, string>>;
  /** How many messages and pings arrived. */
  received(): number;
}

/**
 * Starts the cloud of a guide.
 *
 * @param folder - for the certificate of the proxy's authority
 * @param regions - beside those in which everything is as it should be
 */
export async function startGuideCloud(
  folder: string,
  regions: World["regions"] = {},
): Promise<GuideCloud> {
  const authority = createAuthority();
  const certificate = join(folder, "ca.pem");
  await writeFile(certificate, authority.cert);
  const key = { accessKeyId: EMULATED_ID, accessKeySecret: EMULATED_SECRET };
  const emulator = await startEmulator({
    accountId: READER,
    keys: [key],
    regions: { ...REGIONS, ...regions },
    roles: { [`acs:ram::${READER}:role/flowlog-guard`]: {} },
    directory: {
      managementAccountId: "1900000000000001",
      members: MEMBERS.map((displayName, index) => ({
        accountId: String(Number(READER) + index),
        displayName,
      })),
    },
    memberRoles: { roleName: "flowlog-guard-audit", externalId: EXTERNAL_ID },
  });
  const buckets = await Promise.all(
    STATE_AND_EVIDENCE.map(async (bucket) => startOss({ bucket, key })),
  );
  const functionCompute = await startFunctionCompute({
    accountId: READER,
    key,
    functions: {
      "flowlog-guard-audit": async (event) =>
        invokeAudit(event, functionContext(emulator), {
          ...functionEnv(emulator),
          ...(event.includes("accounts") && {
            FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
            FLOWLOG_GUARD_EXTERNAL_ID: EXTERNAL_ID,
          }),
        }),
    },
  });
  // The answer of every chat that took a message.
  const body = '{"errcode":0,"code":0,"StatusCode":0}';
  const catcher = await startWebhookCatcher([{ status: 200, body }]);
  const proxy = await startConnectProxy({
    authority,
    routes(host) {
      const [, bucket] = /^([\w-]+)\.oss-[\w-]+\.aliyuncs\.com$/.exec(host) ?? [];
      if (bucket !== undefined) return buckets.find((oss) => oss.bucket === bucket)?.origin;
      if (/^\d+\.[\w-]+\.fc\.aliyuncs\.com$/.test(host)) return functionCompute.origin;
      if (host.endsWith(".aliyuncs.com")) return emulator.endpoint;
      return catcher.origin;
    },
  });
  // For the stand-in of a command that copies a bucket.
  const kept = await startLoopbackServer(async (_request, response) => {
    const objects = buckets.map((oss) => [oss.bucket, Object.fromEntries(oss.objects)]);
    response.end(JSON.stringify(Object.fromEntries(objects)));
  });
  return {
    env: {
      ...KEYS,
      KEPT_OBJECTS_URL: kept.origin,
      HTTPS_PROXY: `http://${proxy.host}`,
      NODE_EXTRA_CA_CERTS: certificate,
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    },
    received: () => catcher.messages.length,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      const servers = [emulator, functionCompute, catcher, kept, ...buckets];
      await Promise.all(servers.map(async (server) => server.stop()));
    },
  };
}
