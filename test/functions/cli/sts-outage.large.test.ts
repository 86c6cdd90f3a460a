import { describe, expect, test } from "vitest";

import type { Fault } from "../../emulator/faults.ts";
import { DEFAULT_WORLD, type RegionSeed } from "../../emulator/world.ts";
import { eventsOf, labelsAt, startRuns } from "../../harness/shared-runs.ts";

const { accountId } = DEFAULT_WORLD;
const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };

// The program waits for its real time limits here: five seconds in all, and 1.5 s before it asks
// another endpoint.
describe("a run whose account is unknown because STS does not answer", () => {
  test.each<Fault>([{ kind: "hang" }])("has the state's account: $kind", async (fault) => {
    await using runs = await startRuns();
    const known = await runs.audit({ "cn-a": OPEN });
    expect(known.report.caller?.accountId).toBe(accountId);

    const outage = await runs.audit({ "cn-a": OPEN }, fault);
    expect(outage.exitCode).toBe(1);
    expect(outage.report).toMatchObject({
      caller: null,
      accountAssumed: true,
      scope: { accounts: [accountId] },
      summary: { nonCompliant: 1, ignored: 1 },
    });
    expect(outage.stderr).toContain(`so it is taken to be ${accountId}, which the state is of.`);
    expect(eventsOf(runs.chat)).toEqual([["opened"]]);
    expect(labelsAt(runs.alertmanager)).toHaveLength(1);
    expect(runs.alertmanager.messages.length).toBe(2);
  });

  test("gets it at another endpoint where the first does not answer", async () => {
    await using runs = await startRuns();
    const { report, stderr } = await runs.audit({ "cn-a": WELL }, { kind: "hang", times: 1 });
    expect(report.caller?.accountId).toBe(accountId);
    expect(stderr).not.toContain("taken to be");
  });
});
