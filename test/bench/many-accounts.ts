import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import OpenApi, { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";
import pMap from "p-map";

import type { CheckResult } from "../../functions/check/check.ts";
import type { FunctionContext } from "../../shared/entry/function-context.ts";
import type { KeySeed } from "../emulator/world.ts";
import type { Cost } from "./many-regions.ts";

/** The request to a program. */
export interface OrganizationQuestion {
  readonly endpoint: string;
  readonly key: KeySeed;
  /** Accounts are the first of these. */
  readonly accountIds: readonly string[];
  /** What selects the same accounts in an event. */
  readonly pattern: string;
  readonly regionIds: readonly string[];
  readonly role: { readonly name: string; readonly externalId: string };
  readonly concurrency: number;
  /** The built function. */
  readonly check: string;
}

const ROLES_PER_SECOND = 80;

/** The SDK alone: a role in each account at the same rate, a client for each, and as many calls at once. */
async function bareSdk(question: OrganizationQuestion): Promise<void> {
  const { concurrency } = question;
  const runtime = new RuntimeOptions({});
  await pMap(
    callsOf(question),
    async ({ client, regionId }) => {
      const request = new VpcSdk.GetFlowLogServiceStatusRequest({ regionId });
      const { body } = await client.getFlowLogServiceStatusWithOptions(request, runtime);
      if (body?.enabled !== true) throw new Error(`${regionId} was not read`);
    },
    { concurrency },
  );
}

/** The calls to make, account by account. */
async function* callsOf(question: OrganizationQuestion) {
  const { endpoint, key, accountIds, regionIds, role } = question;
  const at = { endpoint: new URL(endpoint).host, protocol: "HTTP" };
  const sts = new OpenApi.default(new $OpenApiUtil.Config({ ...key, ...at }));
  const startedMs = performance.now();
  for (const [index, accountId] of accountIds.entries()) {
    const dueMs = startedMs + (index / ROLES_PER_SECOND) * 1_000;
    await sleep(Math.max(0, dueMs - performance.now()));
    const keys = await assumeRole(sts, accountId, role);
    const client = new VpcSdk.default(new $OpenApiUtil.Config({ ...keys, ...at }));
    for (const regionId of regionIds) yield { client, regionId };
  }
}

async function assumeRole(
  sts: OpenApi.default,
  accountId: string,
  { name, externalId }: OrganizationQuestion["role"],
) {
  const params = new $OpenApiUtil.Params({
    action: "AssumeRole",
    version: "2015-04-01",
    protocol: "HTTP",
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const body = {
    RoleArn: `acs:ram::${accountId}:role/${name}`,
    RoleSessionName: "bench",
    ExternalId: externalId,
    DurationSeconds: 3_600,
  };
  const request = new $OpenApiUtil.OpenApiRequest({ body });
  const answer = await sts.callApi(params, request, new RuntimeOptions({}));
  const { AccessKeyId, AccessKeySecret, SecurityToken } = answer["body"].Credentials;
  return {
    accessKeyId: String(AccessKeyId),
    accessKeySecret: String(AccessKeySecret),
    securityToken: String(SecurityToken),
  };
}

/** The built check function, as Function Compute invokes it. */
async function check({ key, accountIds, regionIds, pattern, check: file }: OrganizationQuestion) {
  const { handler } = (await import(file)) as {
    readonly handler: (event: Uint8Array, context: FunctionContext) => Promise<CheckResult>;
  };
  const { accessKeyId, accessKeySecret } = key;
  const { summary } = await handler(Buffer.from(JSON.stringify({ accounts: [pattern] })), {
    requestId: "1-69217a01-1523a2f1-9d2b",
    credentials: { accessKeyId, accessKeySecret },
    function: { name: "flowlog-guard-check", timeout: 900 },
    region: "cn-hangzhou",
    accountId: "1234567890123456",
  });
  const expected = accountIds.length * regionIds.length;
  if (summary.compliant !== expected) throw new Error(JSON.stringify(summary));
}

const PROGRAMS = { check, bareSdk };

/** Runs one program once, so that its memory can be measured. */
const program = PROGRAMS[process.argv[2] === "check" ? "check" : "bareSdk"];
async function answer(question: OrganizationQuestion): Promise<void> {
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await program(question);
  const { user, system } = process.cpuUsage(cpu);
  const cost: Cost = { ms: performance.now() - startedMs, cpuMs: (user + system) / 1_000 };
  process.send?.({ ...cost, peakBytes: process.resourceUsage().maxRSS * 1_024 });
}

process.once("message", (question: OrganizationQuestion) => void answer(question));
