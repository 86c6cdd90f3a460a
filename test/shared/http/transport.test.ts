import { describe, expect, test } from "vitest";

import { ProxyAgent } from "../../../shared/http/proxy-agent.ts";
import { readProxy } from "../../../shared/http/proxy-settings.ts";
import { createTransport } from "../../../shared/http/transport.ts";

describe("which connections lead through a proxy", () => {
  test.each([
    ["https://vpc.cn-hangzhou.aliyuncs.com", true],
    ["https://hooks.example.com/x", true],
    ["https://[fd00::1]:8443", true],
    ["https://10.1.2.3", false],
    ["https://alerts.corp.example", false],
    ["https://127.0.0.1:8443", false],
    ["https://[::1]:8443", false],
    ["https://localhost", false],
    ["https://100.100.100.200", false],
    ["https://sts-vpc.cn-hangzhou.aliyuncs.com", false],
    ["https://b.oss-cn-hangzhou-internal.aliyuncs.com", false],
    // Plain http is for loopback, the metadata service and receivers in the same network.
    ["http://alertmanager.example:9093", false],
    ["http://100.100.100.200", false],
  ])("%s: %j", (url, expected) => {
    const env = { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: "corp.example,10.0.0.0/8" };
    using proxied = createTransport(readProxy(env).proxy);
    using direct = createTransport(null);
    expect(proxied.agentFor(new URL(url)) instanceof ProxyAgent).toBe(expected);
    expect(direct.agentFor(new URL(url))).not.toBeInstanceOf(ProxyAgent);
  });
});
