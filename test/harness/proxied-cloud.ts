import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import {
  type FunctionComputeEmulator,
  type FunctionComputeSeed,
  startFunctionCompute,
} from "../emulator/function-compute.ts";
import { type OssEmulator, startOss } from "../emulator/oss.ts";
import { createAuthority } from "./certificates.ts";
import { type ConnectProxy, startConnectProxy } from "./connect-proxy.ts";
import { startWebhookCatcher, type WebhookCatcher } from "./webhook-catcher.ts";

const USER = "proxy-user-7c";
const PASSWORD = "pass/w0rd@1e+9f";
const ACCOUNT = `${USER}:${PASSWORD}`;

/** Every form in which the proxy's password could leak. */
export const PROXY_SECRETS: readonly string[] = [
  USER,
  PASSWORD,
  encodeURIComponent(PASSWORD),
  Buffer.from(ACCOUNT).toString("base64"),
];

/** Regions whose endpoints the SDK's own map names differently. */
export const PROXIED_REGIONS = {
  "cn-hangzhou": { activated: true },
  "eu-central-1": { activated: false },
} as const;

/** All services at their public names, which only a proxy resolves. */
export interface ProxiedCloud extends AsyncDisposable {
  readonly proxy: ConnectProxy;
  readonly emulator: Emulator;
  readonly oss: OssEmulator;
  readonly functionCompute: FunctionComputeEmulator;
  /** At `https://hooks.example.invalid`, and every other `.invalid` host. */
  readonly catcher: WebhookCatcher;
  /** The environment with the proxy and the authority of its certificates. */
  readonly network: Readonly<Record<string, string>>;
  /** The same and the emulator's keys. */
  readonly env: Readonly<Record<string, string>>;
  /** Texts that must never be shown: all forms of the proxy's password, and the keys. */
  readonly secrets: readonly string[];
  /** Hosts and ports of CONNECT requests, sorted, without duplicates. */
  targets(): readonly string[];
}

/** Starts them. */
export async function startProxiedCloud(
  functions: FunctionComputeSeed["functions"] = {},
  answers?: Parameters<typeof startWebhookCatcher>[0],
): Promise<ProxiedCloud> {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-proxy-"));
  const authority = createAuthority();
  await writeFile(join(folder, "ca.pem"), authority.cert);
  const emulator = await startEmulator({ regions: PROXIED_REGIONS });
  const [key] = emulator.world.keys;
  if (key === undefined) throw new Error("the emulator has a key");
  const oss = await startOss({ bucket: "guard-bucket", key });
  const { accountId } = emulator.world;
  const functionCompute = await startFunctionCompute({ accountId, key, functions });
  const catcher = await startWebhookCatcher(answers);
  const proxy = await startConnectProxy({
    account: ACCOUNT,
    authority,
    routes(host) {
      if (/^(vpc|sts)\.([a-z0-9-]+\.)?aliyuncs\.com$/.test(host)) return emulator.endpoint;
      if (/^guard-bucket\.oss-[a-z0-9-]+\.aliyuncs\.com$/.test(host)) return oss.origin;
      if (/^\d+\.[a-z0-9-]+\.fc\.aliyuncs\.com$/.test(host)) return functionCompute.origin;
      if (host.endsWith(".invalid") || host === "oauth.aliyun.com") return catcher.origin;
      return undefined;
    },
  });
  const network = {
    HTTPS_PROXY: `http://${USER}:${encodeURIComponent(PASSWORD)}@${proxy.host}`,
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
  };
  return {
    proxy,
    emulator,
    oss,
    functionCompute,
    catcher,
    network,
    secrets: [...PROXY_SECRETS, key.accessKeyId, key.accessKeySecret],
    env: {
      ...network,
      ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
    },
    targets: () => [...new Set(proxy.connects.map(({ target }) => target))].toSorted(),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await Promise.all([emulator, oss, functionCompute, catcher].map((server) => server.stop()));
      await rm(folder, { recursive: true });
    },
  };
}
