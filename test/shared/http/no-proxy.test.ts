import { describe, expect, test } from "vitest";

import { isInNoProxy, isNeverProxied, parseNoProxy } from "../../../shared/http/no-proxy.ts";

describe("an entry of NO_PROXY", () => {
  test.each([
    ["*", "https://anything.example", true],
    ["example.com", "https://example.com", true],
    ["example.com", "https://sub.example.com", true],
    ["example.com", "https://EXAMPLE.com.", true],
    ["EXAMPLE.com.", "https://example.com", true],
    ["example.com", "https://notexample.com", false],
    ["example.com", "https://example.com.cn", false],
    [".example.com", "https://sub.example.com", true],
    [".example.com", "https://example.com", true],
    ["*.example.com", "https://sub.example.com", true],
    ["a.example, example.com", "https://example.com", true],
    ["a.example example.com", "https://example.com", true],
    ["example.com:443", "https://example.com", true],
    ["example.com:8443", "https://example.com", false],
    ["example.com:8443", "https://sub.example.com:8443", true],
    ["10.1.2.3", "https://10.1.2.3", true],
    ["10.1.2.3:8443", "https://10.1.2.3:8443", true],
    ["10.1.2.3:8443", "https://10.1.2.3", false],
    ["2.3", "https://10.1.2.3", false],
    ["10.0.0.0/8", "https://10.1.2.3", true],
    ["10.0.0.0/8", "https://11.1.2.3", false],
    ["10.0.0.0/8", "https://10.example", false],
    ["10.1.2.0/23", "https://10.1.3.9", true],
    ["0.0.0.0/0", "https://8.8.8.8", true],
    ["10.0.0.0/33", "https://10.0.0.1", false],
    ["10.0.0.0/", "https://10.0.0.0", false],
    ["10.0.0.0/x", "https://10.0.0.0", false],
    ["10.0.0.0/-1", "https://10.0.0.0", false],
    ["10.0.0.0/8.5", "https://10.0.0.0", false],
    ["10.0.0.0/32", "https://10.0.0.0", true],
    ["fd00::1", "https://[fd00::2]", false],
    ["fd00::/64", "https://[fd00::9]", true],
    ["fd00::/64", "https://[fd00:1::9]", false],
    ["FD00::1", "https://[fd00::1]", true],
    ["fd00::1", "https://[fd00:0:0::1]", true],
    ["[fd00::1]", "https://[fd00::1]", true],
    ["[fd00::1]:443", "https://[fd00::1]", true],
    ["[fd00::1]:8443", "https://[fd00::1]", false],
    ["fd00::/8", "https://[fdff::9]", true],
    ["fd00::/8", "https://[fe80::9]", false],
    ["fd00::/8", "https://10.1.2.3", false],
    ["[fd00::]/8", "https://[fdff::9]", true],
    ["bücher.example", "https://bücher.example", true],
    ["*.BÜCHER.example:443", "https://sub.xn--bcher-kva.example", true],
    ["bücher.example", "https://bucher.example", false],
    ["", "https://example.com", false],
    [",,", "https://example.com", false],
    [".", "https://example.com", false],
    ["10.*", "https://10.1.2.3", false],
  ])("%j matches %s: %j", (text, url, expected) => {
    expect(isInNoProxy(parseNoProxy(text), new URL(url))).toBe(expected);
  });
});

test("entries are kept as they are written, and empty ones left out", () => {
  const texts = parseNoProxy(" ,Example.COM,,\t10.0.0.0/8 ").map(({ text }) => text);
  expect(texts).toEqual(["Example.COM", "10.0.0.0/8"]);
});

describe("hosts that are never reached through a proxy", () => {
  test.each([
    ["localhost", true],
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["[::1]", true],
    ["100.100.100.200", true],
    ["oss-cn-hangzhou-internal.aliyuncs.com", true],
    ["my-bucket.oss-cn-hangzhou-internal.aliyuncs.com", true],
    ["1234567890123456.cn-hangzhou-internal.fc.aliyuncs.com", true],
    ["vpc-vpc.cn-hangzhou.aliyuncs.com", true],
    ["STS-VPC.cn-hangzhou.aliyuncs.com.", true],
    ["resourcemanager-vpc.aliyuncs.com", true],
    ["project.cn-hangzhou-intranet.log.aliyuncs.com", true],
    ["vpc.cn-hangzhou.aliyuncs.com", false],
    ["sts.aliyuncs.com", false],
    ["1234567890123456.cn-hangzhou.fc.aliyuncs.com", false],
    // Buckets and projects have names of their own.
    ["my-vpc.oss-cn-hangzhou.aliyuncs.com", false],
    ["a-internal.oss-cn-hangzhou.aliyuncs.com", false],
    ["my-vpc.cn-hangzhou.log.aliyuncs.com", false],
    ["vpc-vpc.cn-hangzhou.aliyuncs.com.example", false],
    ["x-internal.example", false],
    ["internal.aliyuncs.com", false],
    ["myinternal.aliyuncs.com", false],
    ["x-myintranet.log.aliyuncs.com", false],
    ["oss-cn-hangzhou-internal.aliyuncs.com.example", false],
    ["1234.cn-hangzhou-internal.fc.aliyuncs.com.example", false],
    ["project.cn-hangzhou-intranet.log.aliyuncs.com.example", false],
    ["a.sts-vpc.cn-hangzhou.aliyuncs.com", false],
    ["100.100.100.201", false],
    ["localhost.example", false],
    ["127.0.0.1.example", false],
  ])("%s: %j", (hostname, expected) => {
    expect(isNeverProxied(hostname)).toBe(expected);
  });
});
