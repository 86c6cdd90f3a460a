import { EventEmitter, once } from "node:events";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { NothingReadError } from "../../../shared/audit/run-error.ts";
import type { LogEntry } from "../../../shared/conclude/run-log.ts";
import { withHeartbeat } from "../../../shared/conclude/with-heartbeat.ts";
import {
  HEARTBEAT_RETRY_POLICY,
  type HeartbeatPayload,
  ping,
} from "../../../shared/notify/heartbeat.ts";
import { newRunId, runIdOf } from "../../../shared/run/run-id.ts";
import { DIRECT } from "../../harness/direct.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";
import { reportWith } from "../../harness/report-with.ts";
import {
  type CatcherAnswer,
  startWebhookCatcher,
  type WebhookCatcher,
} from "../../harness/webhook-catcher.ts";

const QUICK = { ...HEARTBEAT_RETRY_POLICY, baseDelayMs: 0, maxDelayMs: 0 };
const { summary } = reportWith(["COMPLIANT"]);
const RUN_ID = "123e4567-e89b-12d3-a456-426614174000";
const DONE: HeartbeatPayload = { runId: RUN_ID, outcome: "done", summary };
const PATH = "/hook-path-5c21";
const QUERY = "?token=hook-token-88fe";

async function withWatchdog(
  answers: readonly CatcherAnswer[],
  use: (watchdog: WebhookCatcher) => Promise<unknown>,
  onMessage?: () => void,
) {
  await using watchdog = await startWebhookCatcher(answers, onMessage);
  await use(watchdog);
  return watchdog.messages.map(({ path, body }) => ({ path, body: JSON.parse(body) as unknown }));
}

describe("the API that healthchecks.io documents", () => {
  test("posts the end of a run to the address, with the run's id as rid", async () => {
    expect(
      await withWatchdog([{ status: 200, body: "OK" }], ({ url }) =>
        ping(url, DONE, { transport: DIRECT }),
      ),
    ).toEqual([{ path: `${PATH}${QUERY}&rid=${RUN_ID}`, body: DONE }]);
  });

  test.each([
    ["/ping/uuid", "/ping/uuid/fail?rid="],
    ["/ping/uuid/", "/ping/uuid/fail?rid="],
    ["/key/slug?create=1", "/key/slug/fail?create=1&rid="],
    ["/x?a=b%20c+d&e", "/x/fail?a=b%20c+d&e&rid="],
  ])("posts a failure below %s, at %s", async (address, expected) => {
    const [sent] = await withWatchdog([{ status: 200 }], ({ origin }) =>
      ping(`${origin}${address}`, { runId: RUN_ID, outcome: "failed" }, { transport: DIRECT }),
    );
    expect(sent?.path).toBe(`${expected}${RUN_ID}`);
  });

  test("keeps a rid that the address has", async () => {
    const [sent] = await withWatchdog([{ status: 200 }], ({ origin }) =>
      ping(`${origin}/x?rid=1&a`, DONE, { transport: DIRECT }),
    );
    expect(sent?.path).toBe("/x?rid=1&a");
  });

  test("sends the run id as rid, which has to be a UUID", () => {
    for (const runId of [newRunId(), runIdOf("1", "cn-hangzhou", null)]) {
      expect(runId).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    }
  });
});

describe("a watchdog that does not answer at once", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("has ten seconds for an attempt", async () => {
    const late = (): unknown => vi.advanceTimersByTime(9_900);
    const pings = await withWatchdog(
      [{ status: 200 }],
      ({ url }) => ping(url, DONE, { transport: DIRECT }),
      late,
    );
    expect(pings).toHaveLength(1);
  });

  test("is pinged again after that, for thirty seconds in all", async () => {
    const late = (): unknown => vi.advanceTimersByTime(10_000);
    const pings = await withWatchdog(
      ["hang"],
      ({ url }) =>
        expect(ping(url, DONE, { transport: DIRECT, retryPolicy: QUICK })).rejects.toThrow(
          "in time",
        ),
      late,
    );
    expect(pings).toHaveLength(3);
  });
});

test("pings a watchdog five times that answers HTTP 503", async () => {
  const pings = await withWatchdog([{ status: 503 }], ({ url }) =>
    expect(ping(url, DONE, { transport: DIRECT, retryPolicy: QUICK })).rejects.toThrow(
      "answered HTTP 503",
    ),
  );
  expect(pings).toHaveLength(5);
});

test.each([
  ["a log-in page", "<!doctype html><title>Log in</title>"],
  ["no such check", "OK (not found)"],
  ["an error", '{"result":"error"}'],
])("does not accept HTTP 200 with %s as a confirmation", async (_case, body) => {
  await withWatchdog([{ status: 200, body }], ({ url }) =>
    expect(ping(url, DONE, { transport: DIRECT })).rejects.toThrow("reports an error"),
  );
});

describe("around a run", () => {
  async function around(answers: readonly CatcherAnswer[], end: () => Promise<void>) {
    const log: LogEntry[] = [];
    let caught: unknown = null;
    let arrived = (): void => {};
    const started = new Promise<void>((resolve) => (arrived = resolve));
    const pings = await withWatchdog(
      answers,
      ({ url }) =>
        withHeartbeat(
          {
            transport: DIRECT,
            address: url,
            runId: RUN_ID,
            log: (entry) => void log.push(entry),
            retryPolicy: QUICK,
          },
          async () => {
            await started;
            await end();
            return { summary };
          },
        ).catch((error: unknown) => {
          caught = error;
        }),
      arrived,
    );
    return { pings, log, caught };
  }

  test("pings at the start and at the end, with the same rid", async () => {
    const { pings, log } = await around([{ status: 200 }], async () => {});
    expect(pings).toEqual([
      {
        path: `${PATH}/start${QUERY}&rid=${RUN_ID}`,
        body: { runId: RUN_ID, outcome: "started" },
      },
      { path: `${PATH}${QUERY}&rid=${RUN_ID}`, body: DONE },
    ]);
    expect(log).toEqual([]);
  });

  test.each<[CatcherAnswer]>([["hang"], ["reset"], [{ status: 500 }], [{ status: 404 }]])(
    "ignores the answer to the start ping: %j",
    async (answer) => {
      const { pings, log, caught } = await around([answer, { status: 200 }], async () => {});
      expect(pings.map(({ path }) => path.split("?")[0])).toEqual([`${PATH}/start`, PATH]);
      expect([log, caught]).toEqual([[], null]);
    },
  );

  test("abandons a start ping without an answer when the run is over", async () => {
    // If it arrived after the end, the watchdog would count it as the start of another run.
    const startedMs = performance.now();
    const events = new EventEmitter();
    const [arrived, closed] = [once(events, "arrived"), once(events, "closed")];
    await using watchdog = await startLoopbackServer(async (request, response) => {
      if (!String(request.url).includes("/start?")) {
        response.end("OK");
        return;
      }
      response.once("close", () => events.emit("closed"));
      events.emit("arrived");
    });
    await withHeartbeat(
      { address: watchdog.origin, runId: RUN_ID, log: () => {}, transport: DIRECT },
      async () => {
        await arrived;
        return { summary };
      },
    );
    await closed;
    // Its own limit of ten seconds did not end it.
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  test("gives the reason of a failure, in less than 100 kB", async () => {
    const sentence = `None of the regions in scope could be read. ${"地域 ".repeat(100_000)}`;
    const error = new NothingReadError(sentence, { done: { receivers: [] } });
    const { pings, caught } = await around([{ status: 200 }], () => Promise.reject(error));
    expect(caught).toBe(error);
    expect(pings[1]).toEqual({
      path: `${PATH}/fail${QUERY}&rid=${RUN_ID}`,
      body: {
        runId: RUN_ID,
        outcome: "failed",
        error: "NothingReadError",
        message: expect.stringMatching(/^None of the regions/),
      },
    });
    expect(Buffer.byteLength(JSON.stringify(pings[1]))).toBeLessThan(100_000);
  });

  test("names an internal error, and does not repeat its message", async () => {
    const fault = new TypeError("token=hook-token-88fe");
    const { pings } = await around([{ status: 200 }], () => Promise.reject(fault));
    expect(pings[1]?.body).toMatchObject({ error: "TypeError", message: expect.any(String) });
    expect(JSON.stringify(pings[1]?.body)).not.toContain("88fe");
  });
});
