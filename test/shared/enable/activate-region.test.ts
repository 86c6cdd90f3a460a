import { expect, test } from "vitest";

import { activateRegion } from "../../../shared/enable/activate-region.ts";
import type { ChangeContext } from "../../../shared/enable/change-context.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { changeEmulator } from "../../harness/change-emulator.ts";

interface Case {
  readonly what: string;
  readonly seed: Omit<RegionSeed, "activated">;
  readonly overrides?: Partial<ChangeContext>;
  readonly outcome: string;
  readonly code: string | null;
  /** Calls of OpenFlowLogService. */
  readonly calls: number;
}

function openingsOf({ requests }: Emulator) {
  return requests.filter(({ action }) => action === "OpenFlowLogService");
}

test.each<Case>([
  { what: "opens it", seed: {}, outcome: "done", code: null, calls: 1 },
  {
    what: "says that it is open by its code",
    seed: { openedMeanwhile: "purchase-limit" },
    outcome: "already",
    code: null,
    calls: 1,
  },
  {
    what: "says that it is open in the text of a server error",
    seed: { openedMeanwhile: "server-error" },
    outcome: "already",
    code: null,
    calls: 1,
  },
  {
    what: "denies it",
    seed: { faults: { OpenFlowLogService: { kind: "denied" } } },
    outcome: "failed",
    code: "ACCESS_DENIED",
    calls: 1,
  },
  {
    what: "opens it, and the answer is lost",
    seed: { faults: { OpenFlowLogService: { kind: "reset" } } },
    outcome: "done",
    code: null,
    calls: 1,
  },
  {
    what: "opens it, and never answers",
    seed: { faults: { OpenFlowLogService: { kind: "hang" } } },
    overrides: { attemptTimeoutMs: 200 },
    outcome: "done",
    code: null,
    calls: 1,
  },
  {
    what: "opens it, the answer is lost, and the status follows late",
    seed: { faults: { OpenFlowLogService: { kind: "reset", times: 1 } }, readsUntilActivated: 3 },
    outcome: "done",
    code: null,
    calls: 2,
  },
  {
    what: "throttles twice",
    seed: { faults: { OpenFlowLogService: { kind: "throttled", times: 2 } } },
    outcome: "done",
    code: null,
    calls: 3,
  },
  {
    what: "fails",
    seed: { faults: { OpenFlowLogService: { kind: "json-500" } } },
    outcome: "failed",
    code: "SERVICE_ERROR",
    calls: 4,
  },
  {
    what: "opens it, and the status needs three reads",
    seed: { readsUntilActivated: 3 },
    outcome: "done",
    code: null,
    calls: 1,
  },
  {
    what: "opens it, and the status never says so",
    seed: { readsUntilActivated: 1_000_000 },
    overrides: { timeoutMs: 200 },
    outcome: "pending",
    code: "TIMEOUT",
    calls: 1,
  },
])("where the service $what", async ({ seed, overrides, outcome, code, calls }) => {
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: false, ...seed } },
  });
  const result = await changeEmulator(
    emulator,
    (context) => activateRegion("cn-a", "token-1", context),
    overrides,
  );
  expect({ outcome: result.outcome, code: result.reason?.code ?? null }).toEqual({ outcome, code });
  const openings = openingsOf(emulator);
  expect(openings.map(({ clientToken }) => clientToken)).toEqual(Array(calls).fill("token-1"));
});

test("names the RAM action that is missing, and never quotes the service", async () => {
  const message = "secret-of-the-signed-request";
  await using emulator = await startEmulator({
    regions: {
      "cn-a": {
        activated: false,
        faults: {
          OpenFlowLogService: { kind: "error", status: 400, code: "Forbidden.RAM", message },
        },
      },
    },
  });
  const result = await changeEmulator(emulator, (context) =>
    activateRegion("cn-a", "token-1", context),
  );
  expect(result.reason?.message).toContain("vpc:OpenFlowLogService");
  expect(JSON.stringify(result)).not.toContain(message);
});

test("makes no further attempt once the user asked to stop", async () => {
  await using emulator = await startEmulator({
    regions: {
      "cn-a": { activated: false, faults: { OpenFlowLogService: { kind: "json-500" } } },
    },
  });
  const stop = new AbortController();
  stop.abort();
  const result = await changeEmulator(
    emulator,
    (context) => activateRegion("cn-a", "token-1", context),
    { stop: stop.signal },
  );
  expect(result.outcome).toBe("failed");
  expect(openingsOf(emulator)).toHaveLength(1);
});
