import { setTimeout as sleep } from "node:timers/promises";

import OpenApi, { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";
import pMap from "p-map";

import { measureOnce, type OrganizationQuestion } from "./measure-once.ts";

/** As the audit, which keeps to 80 in any second, and so to fewer on average. */
const ROLES_PER_SECOND = 72;

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

measureOnce(bareSdk);
