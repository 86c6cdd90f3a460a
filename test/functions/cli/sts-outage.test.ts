import { readFile, writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import type { Fault } from "../../emulator/faults.ts";
import { DEFAULT_WORLD, type RegionSeed } from "../../emulator/world.ts";
import { eventsOf, labelsAt, startRuns } from "../../harness/shared-runs.ts";

const { accountId } = DEFAULT_WORLD;
const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

describe("a run whose account STS does not return", () => {
  test.each<Fault>([{ kind: "json-500" }])("has the state's account: $kind", async (fault) => {
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

  test("sends no end, and sends beginnings", async () => {
    const fault: Fault = { kind: "json-500" };
    await using runs = await startRuns();
    await runs.audit({ "cn-a": OPEN, "cn-b": DENIED, "cn-c": WELL });
    expect(eventsOf(runs.chat)).toEqual([["opened", "unreadable"]]);
    await runs.audit({ "cn-a": WELL, "cn-b": WELL, "cn-c": OPEN }, fault);
    expect(eventsOf(runs.chat)).toEqual([["opened", "unreadable"], ["opened"]]);
    await runs.audit({ "cn-a": WELL, "cn-b": WELL, "cn-c": OPEN });
    expect(eventsOf(runs.chat).slice(2)).toEqual([["resolved", "readable"]]);
  });

  test("has an unknown account where the state is of two", async () => {
    await using runs = await startRuns();
    await runs.audit({ "cn-a": OPEN });
    const state = await readFile(runs.statePath, "utf8");
    const other = JSON.parse(state, (key, value: unknown) =>
      key === "accountId" ? "2000000000000002" : value,
    );
    const both = JSON.parse(state);
    both.entries.push(...other.entries);
    await writeFile(runs.statePath, JSON.stringify(both));
    const { report } = await runs.audit({ "cn-a": OPEN }, { kind: "json-500" });
    expect(report.scope.accounts).toEqual(["unknown"]);
    expect(report.accountAssumed).toBeUndefined();
  });
});
