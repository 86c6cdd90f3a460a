import { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { Request, RuntimeOptions } from "@darabonba/typescript";
import { describe, expect, test } from "vitest";

import { verifyAcs3Signature } from "./acs3-signature.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { tokenPage } from "./paging.ts";

const KEY = {
  accessKeyId: "LTAI5tStsKey",
  accessKeySecret: "sts-secret",
  securityToken: "sts-token",
};
const REGIONS = { "cn-hangzhou": { activated: true } };

/** The documented client. */
function sdkClient({ endpoint }: Emulator, keys: Partial<typeof KEY>) {
  const host = new URL(endpoint).host;
  const config = { ...keys, endpoint: host, protocol: "HTTP", regionId: "cn-hangzhou" };
  return new VpcSdk.default(new $OpenApiUtil.Config(config));
}

function getStatus(emulator: Emulator, keys: Partial<typeof KEY> = KEY) {
  const request = new VpcSdk.GetFlowLogServiceStatusRequest({
    regionId: "cn-hangzhou",
    clientToken: "a token with ! * ' ( ) ~ and 中".replaceAll(/[^\x21-\x7e]/g, "_"),
  });
  return sdkClient(emulator, keys).getFlowLogServiceStatusWithOptions(
    request,
    new RuntimeOptions({}),
  );
}

describe("the emulator accepts requests that the official SDK signs", () => {
  test("with a security token", async () => {
    await using emulator = await startEmulator({ regions: REGIONS, keys: [KEY] });
    const response = await getStatus(emulator);
    expect(response.statusCode).toBe(200);
    expect(response.body?.enabled).toBe(true);
  });

  test("for the list of regions, with names", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-hangzhou": { activated: true, localName: "China (Hangzhou)" } },
      keys: [KEY],
    });
    const response = await sdkClient(emulator, KEY).describeRegions(
      new VpcSdk.DescribeRegionsRequest({}),
    );
    expect(response.body?.regions?.region?.[0]).toMatchObject({
      regionId: "cn-hangzhou",
      localName: "China (Hangzhou)",
    });
  });
});

describe("the emulator refuses", () => {
  test.each([
    ["an unknown key", { accessKeyId: "LTAI5tOther" }, "InvalidAccessKeyId.NotFound"],
    ["a wrong secret", { accessKeySecret: "wrong" }, "SignatureDoesNotMatch"],
    ["a wrong token", { securityToken: "wrong" }, "InvalidSecurityToken.Expired"],
    ["a missing token", { securityToken: "" }, "InvalidSecurityToken.Expired"],
  ])("%s", async (_what, override, code) => {
    await using emulator = await startEmulator({ regions: REGIONS, keys: [KEY] });
    await expect(getStatus(emulator, { ...KEY, ...override })).rejects.toMatchObject({ code });
  });

  test("a request without a signature, or for an action it does not know", async () => {
    await using emulator = await startEmulator({ regions: REGIONS, keys: [KEY] });
    const ask = async (action: string) => {
      const headers = { "x-acs-action": action, "x-acs-version": "2016-04-28" };
      const response = await fetch(emulator.endpoint, { method: "POST", headers });
      return [response.status, ((await response.json()) as { Code: string }).Code];
    };
    expect(await ask("DescribeRegions")).toEqual([400, "IncompleteSignature"]);
    expect(await ask("DeleteFlowLog")).toEqual([404, "InvalidAction.NotFound"]);
  });
});

describe("the emulator pages as the service does", () => {
  const vpcs = Array.from({ length: 60 }, (_, index) => ({ vpcId: `vpc-${index}` }));
  const flowLogs = vpcs.map(({ vpcId }) => ({
    flowLogId: `fl-${vpcId}`,
    resourceType: "VPC",
    resourceId: vpcId,
  }));
  const regions = { "cn-hangzhou": { activated: true, vpcs, flowLogs } };
  const regionId = "cn-hangzhou";

  test("10 VPCs on a page, with numbers", async () => {
    await using emulator = await startEmulator({ regions, keys: [KEY] });
    const { body } = await sdkClient(emulator, KEY).describeVpcs(
      new VpcSdk.DescribeVpcsRequest({ regionId }),
    );
    expect(body).toMatchObject({ pageNumber: 1, pageSize: 10, totalCount: 60 });
    expect(body?.vpcs?.vpc).toHaveLength(10);
  });

  test("20 flow logs on a page, with texts", async () => {
    await using emulator = await startEmulator({ regions, keys: [KEY] });
    const { body } = await sdkClient(emulator, KEY).describeFlowLogs(
      new VpcSdk.DescribeFlowLogsRequest({ regionId, pageNumber: 3 }),
    );
    expect(body).toMatchObject({
      success: "true",
      pageNumber: "3",
      pageSize: "20",
      totalCount: "60",
    });
    expect(body?.flowLogs?.flowLog).toHaveLength(20);
  });

  test.each([{ pageSize: 51 }, { pageSize: 0 }, { pageNumber: 0 }])("not %j", async (page) => {
    await using emulator = await startEmulator({ regions, keys: [KEY] });
    const request = new VpcSdk.DescribeVpcsRequest({ regionId, ...page });
    await expect(sdkClient(emulator, KEY).describeVpcs(request)).rejects.toMatchObject({
      code: expect.stringMatching(/^InvalidParameter\.Page(Size|Number)$/),
    });
  });

  test.each([
    [{}, 10],
    [{ MaxResults: "500" }, 60],
    [{ MaxResults: "9" }, "InvalidParameter.MaxResults"],
    [{ MaxResults: "501" }, "InvalidParameter.MaxResults"],
    [{ NextToken: "made up" }, "InvalidParameter.NextToken"],
  ])("network interfaces, for %j", (asked, expected) => {
    const page = tokenPage(vpcs, ({ vpcId }) => vpcId, new URLSearchParams(asked));
    expect("status" in page ? page.body["Code"] : page.items.length).toBe(expected);
  });
});

describe("the signature covers", () => {
  const keyOf = (accessKeyId: string) => ({ accessKeyId, accessKeySecret: "secret" });
  const request = {
    method: "POST",
    pathname: "/",
    query: { RegionId: "cn-hangzhou", ClientToken: "a*b'c(d)!~" },
    headers: {
      host: "vpc.aliyuncs.com",
      "x-acs-action": "GetFlowLogServiceStatus",
      "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x-acs-date": "2026-11-22T10:00:00Z",
      "x-acs-version": "2016-04-28",
    },
  };
  /** A request that the SDK signed, as it is sent. */
  const signed = {
    method: request.method,
    url: `/?${new URLSearchParams(request.query).toString()}`,
    headers: {
      ...request.headers,
      authorization: OpenApiUtil.getAuthorization(
        Object.assign(new Request(), request),
        "ACS3-HMAC-SHA256",
        request.headers["x-acs-content-sha256"],
        "id",
        "secret",
      ),
    },
    body: Buffer.alloc(0),
  };

  test("a request as it was signed", () => {
    expect(verifyAcs3Signature(signed, keyOf)).toBeNull();
  });

  test.each([
    ["the method", { method: "GET" }, "SignatureDoesNotMatch"],
    ["the path", { url: signed.url.replace("/", "/other") }, "SignatureDoesNotMatch"],
    ["the query", { url: `${signed.url}1` }, "SignatureDoesNotMatch"],
    ["the body", { body: Buffer.from("a=1") }, "SignatureDoesNotMatch"],
    [
      "the action",
      { headers: { ...signed.headers, "x-acs-action": "OpenFlowLogService" } },
      "SignatureDoesNotMatch",
    ],
    [
      "the host",
      { headers: { ...signed.headers, host: "vpc.example.com" } },
      "SignatureDoesNotMatch",
    ],
    [
      "every x-acs header",
      { headers: { ...signed.headers, "x-acs-security-token": "t" } },
      "IncompleteSignature",
    ],
  ])("%s", (_part, tampered, problem) => {
    expect(verifyAcs3Signature({ ...signed, ...tampered }, keyOf)).toBe(problem);
  });
});
