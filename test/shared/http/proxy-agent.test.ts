import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";

import { describe, expect, test } from "vitest";

import { ProxyAgent } from "../../../shared/http/proxy-agent.ts";
import { ProxyError } from "../../../shared/http/proxy-error.ts";
import { type ProxySettings, readProxy } from "../../../shared/http/proxy-settings.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";
import { createAuthority } from "../../harness/certificates.ts";
import { type ConnectProxyOptions, startConnectProxy } from "../../harness/connect-proxy.ts";
import { type LoopbackServer, startLoopbackServer } from "../../harness/loopback-server.ts";
import { startMuteServer } from "../../harness/mute-server.ts";

const AUTHORITY = createAuthority();
const ACCOUNT = "alice:s3cret@1";

function settings(address: string): ProxySettings {
  const { proxy, problems } = readProxy({ HTTPS_PROXY: address });
  if (proxy === null) throw new Error(problems.join());
  return proxy;
}

function agentFor(address: string): ProxyAgent {
  return new ProxyAgent(settings(address), { keepAlive: true, ca: AUTHORITY.cert });
}

/** Asks once; the end of the budget ends the connection to the proxy, or the request on it. */
async function get(agent: ProxyAgent, url: string, budget?: TimeBudget): Promise<string> {
  const options = { agent, signal: budget?.signal, connectBudget: budget };
  const outgoing = request(url, options).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return text(response);
}

async function startTarget(): Promise<LoopbackServer> {
  return startLoopbackServer(async ({ headers }, response) => {
    response.end(`hello ${headers.host}, ${Object.keys(headers).join(" ")}`);
  });
}

/** A proxy that resolves one host, and the server of that host. */
async function startRoute(options: ConnectProxyOptions = {}) {
  const target = await startTarget();
  const proxy = await startConnectProxy({
    authority: AUTHORITY,
    routes: () => target.origin,
    ...options,
  });
  return {
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await target.stop();
    },
  };
}

describe("a request through a proxy", () => {
  test("reaches a host that no name server knows, and sends the proxy only host and port", async () => {
    await using route = await startRoute({ account: ACCOUNT });
    const agent = agentFor(`http://alice:s3cret%401@${route.proxy.host}`);
    expect(await get(agent, "https://nowhere.invalid/path")).toBe(
      "hello nowhere.invalid, host connection",
    );
    expect(route.proxy.connects).toEqual([
      {
        target: "nowhere.invalid:443",
        headers: {
          host: "nowhere.invalid:443",
          "proxy-authorization": `Basic ${Buffer.from(ACCOUNT).toString("base64")}`,
        },
      },
    ]);
    agent.destroy();
    await route.proxy.idle();
  });

  test("keeps its connection for the next one to the same host", async () => {
    await using route = await startRoute();
    const agent = agentFor(route.proxy.host);
    for (const path of ["a", "b", "c"]) await get(agent, `https://one.invalid/${path}`);
    await get(agent, "https://two.invalid:8443/");
    expect(route.proxy.connects.map(({ target }) => target)).toEqual([
      "one.invalid:443",
      "two.invalid:8443",
    ]);
    agent.destroy();
    await route.proxy.idle();
  });

  test("names an IPv6 target in brackets, and sends no authorization unless configured", async () => {
    await using proxy = await startConnectProxy({ answer: 403 });
    const agent = agentFor(`http://${proxy.host}`);
    await expect(get(agent, "https://[fd00::7]/")).rejects.toThrow(/connect to \[fd00::7\]:443/);
    expect(proxy.connects).toEqual([
      { target: "[fd00::7]:443", headers: { host: "[fd00::7]:443" } },
    ]);
  });

  test("reaches a proxy over TLS", async () => {
    await using route = await startRoute({
      certificate: AUTHORITY.issue({ hosts: ["127.0.0.1"] }),
    });
    const agent = agentFor(`https://${route.proxy.host}`);
    expect(await get(agent, "https://nowhere.invalid/")).toContain("hello nowhere.invalid");
    agent.destroy();
    await route.proxy.idle();
  });

  test.each([
    ["of another host", { hosts: ["else.invalid"] }, "ERR_TLS_CERT_ALTNAME_INVALID"],
    [
      "that has expired",
      { hosts: ["nowhere.invalid"], notAfter: new Date("2021-01-01") },
      "CERT_HAS_EXPIRED",
    ],
  ])("accepts no certificate %s from the target", async (_name, terms, code) => {
    const authority = { ...AUTHORITY, issue: () => AUTHORITY.issue(terms) };
    await using route = await startRoute({ authority });
    const agent = agentFor(route.proxy.host);
    await expect(get(agent, "https://nowhere.invalid/")).rejects.toMatchObject({ code });
    await route.proxy.idle();
  });
});

describe("a proxy that gives no connection", () => {
  test.each([
    [407, "PROXY_AUTHENTICATION", /asks for a user and a password \(HTTP 407\)/],
    [403, "PROXY_REFUSED", /refuses to connect to nowhere.invalid:443 \(HTTP 403\).*NO_PROXY/],
    [502, "PROXY_TARGET_UNREACHABLE", /could not connect to nowhere.invalid:443 \(HTTP 502\)/],
    [301, "PROXY_REFUSED", /refuses/],
    ["garbage", "PROXY_UNREACHABLE", /does not speak http as a proxy does \(HPE_/],
    ["page", "PROXY_UNREACHABLE", /does not speak http as a proxy does \(HTTP 200 with a body/],
  ] as const)("is recognised by its answer %s", async (answer, code, says) => {
    await using proxy = await startConnectProxy({ answer });
    const error = await get(agentFor(proxy.host), "https://nowhere.invalid/").catch((e) => e);
    expect(error).toBeInstanceOf(ProxyError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(error.message).toContain(proxy.host);
    await proxy.idle();
  });

  test("reports a wrong password without repeating it", async () => {
    await using proxy = await startConnectProxy({ account: ACCOUNT });
    const agent = agentFor(`http://bob:hunter2@${proxy.host}`);
    const error = await get(agent, "https://nowhere.invalid/").catch((e) => e);
    expect(error.message).toMatch(/does not take the user and password in HTTPS_PROXY/);
    expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/hunter2|bob/);
  });

  test("is reported as unreachable", async () => {
    const { host } = await (async () => {
      await using gone = await startConnectProxy();
      return gone;
    })();
    await expect(get(agentFor(host), "https://nowhere.invalid/")).rejects.toMatchObject({
      code: "PROXY_UNREACHABLE",
      retryable: "always",
      message: `The proxy ${host} cannot be reached (ECONNREFUSED). Check HTTPS_PROXY, and the network to the proxy.`,
    });
  });

  test("is reported as a name that does not resolve", async () => {
    const agent = agentFor("proxy.invalid:3128");
    await expect(get(agent, "https://nowhere.invalid/")).rejects.toMatchObject({
      code: "PROXY_UNREACHABLE",
      retryable: "never",
      message: expect.stringMatching(/no host proxy\.invalid, which HTTPS_PROXY names/),
    });
  });

  test("is reported as one whose certificate is not accepted", async () => {
    const certificate = createAuthority("Somebody").issue({ hosts: ["127.0.0.1"] });
    await using proxy = await startConnectProxy({ certificate });
    await expect(
      get(agentFor(`https://${proxy.host}`), "https://nowhere.invalid/"),
    ).rejects.toMatchObject({
      code: "PROXY_UNREACHABLE",
      message: expect.stringMatching(/^The proxy .* has a certificate .*NODE_EXTRA_CA_CERTS/),
    });
  });
});

describe("a cancelled request leaves no connection", () => {
  test("to a proxy that never answers", async () => {
    await using proxy = await startConnectProxy({ answer: "hang" });
    const budget = startTimeBudget(60_000, "TIMEOUT");
    const answer = get(agentFor(proxy.host), "https://nowhere.invalid/", budget);
    await proxy.asked;
    budget.cancel();
    await expect(answer).rejects.toMatchObject({ code: expect.anything() });
    await proxy.idle();
  });

  test("to a proxy that never shakes hands", async () => {
    const budget = startTimeBudget(60_000, "TIMEOUT");
    await using proxy = await startMuteServer(() => budget.cancel());
    await expect(
      get(agentFor(proxy.origin), "https://nowhere.invalid/", budget),
    ).rejects.toMatchObject({ code: expect.anything() });
    expect(proxy.connections).toHaveLength(1);
    await proxy.idle();
  });

  test("through a proxy to a host that never shakes hands", async () => {
    const budget = startTimeBudget(60_000, "TIMEOUT");
    await using target = await startMuteServer(() => budget.cancel());
    await using proxy = await startConnectProxy();
    const { host } = new URL(target.origin);
    await expect(get(agentFor(proxy.host), `https://${host}/`, budget)).rejects.toMatchObject({
      code: expect.anything(),
    });
    await proxy.idle();
  });

  test("when the agent is closed", async () => {
    await using proxy = await startConnectProxy({ answer: "hang" });
    const agent = agentFor(proxy.host);
    const answer = get(agent, "https://nowhere.invalid/");
    await proxy.asked;
    agent.destroy();
    await expect(answer).rejects.toMatchObject({ code: expect.anything() });
    await proxy.idle();
  });

  test("and one that is cancelled before its start is not started", async () => {
    const over = startTimeBudget(60_000, "TIMEOUT");
    over.cancel();
    await using proxy = await startConnectProxy();
    await expect(get(agentFor(proxy.host), "https://nowhere.invalid/", over)).rejects.toMatchObject(
      { code: expect.anything() },
    );
    expect(proxy.connects).toEqual([]);
  });
});
