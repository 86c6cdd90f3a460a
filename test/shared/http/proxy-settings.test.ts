import { describe, expect, test } from "vitest";

import { describeProxy, readProxy } from "../../../shared/http/proxy-settings.ts";

const BASIC = `Basic ${Buffer.from("alice:s3cret@1").toString("base64")}`;

describe("the proxy of the environment", () => {
  test.each([
    ["http://proxy.example:3128", "http:", "proxy.example", 3128, null],
    ["http://proxy.example", "http:", "proxy.example", 80, null],
    ["http://proxy.example:80/", "http:", "proxy.example", 80, null],
    ["https://proxy.example", "https:", "proxy.example", 443, null],
    ["HTTPS://Proxy.Example:8443", "https:", "proxy.example", 8443, null],
    ["proxy.example:3128", "http:", "proxy.example", 3128, null],
    ["proxy", "http:", "proxy", 80, null],
    ["10.0.0.7:8080", "http:", "10.0.0.7", 8080, null],
    ["http://[fd00::7]:8080", "http:", "[fd00::7]", 8080, null],
    ["http://alice:s3cret%401@proxy.example:3128", "http:", "proxy.example", 3128, BASIC],
    ["alice:s3cret%401@proxy.example:3128", "http:", "proxy.example", 3128, BASIC],
    [" http://proxy.example:3128\n", "http:", "proxy.example", 3128, null],
  ])("%j is read", (text, protocol, hostname, port, authorization) => {
    expect(readProxy({ HTTPS_PROXY: text })).toEqual({
      proxy: { protocol, hostname, port, authorization, variable: "HTTPS_PROXY", noProxy: [] },
      problems: [],
    });
  });

  test.each([
    ["socks5://alice:s3cret1@proxy.example:1080", /^HTTPS_PROXY: socks5:\/\/ is not supported/],
    ["socks5h://proxy.example:1080", /^HTTPS_PROXY: socks5h:\/\/ is not supported/],
    ["s3cret1://proxy.example", /^HTTPS_PROXY: such a scheme is not supported/],
    ["http://", /^HTTPS_PROXY: is not the address of a proxy: write http:/],
    ["http://proxy.example:99999", /^HTTPS_PROXY: is not the address/],
    ["http://fd00::7:8080", /^HTTPS_PROXY: is not the address/],
    ["http://proxy.example/wpad-s3cret1.dat", /^HTTPS_PROXY: is not the address/],
    ["http://alice:s3c#ret1@proxy.example:3128", /^HTTPS_PROXY: is not the address/],
    ["http://alice:1#s3cret1@proxy.example:3128", /^HTTPS_PROXY: is not the address/],
    ["http://alice:s3cret1/x@proxy.example:3128", /^HTTPS_PROXY: is not the address/],
    ["http://alice:100%s3cret1@proxy.example:3128", /percent-encoded/],
    ["http://proxy.example:3128 s3cret1", /^HTTPS_PROXY: is not the address/],
  ])("%j is a problem that shows no secret", (text, says) => {
    const { proxy, problems } = readProxy({ HTTPS_PROXY: text });
    expect(proxy).toBeNull();
    expect(problems).toEqual([expect.stringMatching(says)]);
    expect(problems.join()).not.toMatch(/s3c|alice|example/);
  });

  test.each([
    [{}, null],
    [{ HTTPS_PROXY: "" }, null],
    [{ https_proxy: "  " }, null],
    [{ https_proxy: "low", HTTPS_PROXY: "up" }, "low"],
    [{ https_proxy: "", HTTPS_PROXY: "up" }, "up"],
    [{ https_proxy: "low" }, "low"],
    [{ HTTP_PROXY: "plain", ALL_PROXY: "all", all_proxy: "all" }, null],
  ])("of %j it is %j", (env, hostname) => {
    expect(readProxy(env).proxy?.hostname ?? null).toBe(hostname);
  });

  test.each([
    [{ no_proxy: "low", NO_PROXY: "up" }, ["low"]],
    [{ no_proxy: "", NO_PROXY: "up, .b  c" }, ["up", ".b", "c"]],
    [{}, []],
  ])("the hosts reached without it are, of %j, %j", (env, entries) => {
    const { proxy } = readProxy({ HTTPS_PROXY: "proxy", ...env });
    expect(proxy?.noProxy.map(({ text }) => text)).toEqual(entries);
  });

  test.each([
    ["https://alice:s3cret1@proxy.example", "https://***@proxy.example:443"],
    ["s3cret1@proxy.example:3128", "http://***@proxy.example:3128"],
    ["[fd00::7]:3128", "http://[fd00::7]:3128"],
  ])("%s is shown as %s", (text, shown) => {
    const { proxy } = readProxy({ HTTPS_PROXY: text });
    expect(proxy && describeProxy(proxy)).toBe(shown);
  });
});
