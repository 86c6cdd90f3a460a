import { expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { trailEvent } from "../../emulator/trail-seed.ts";
import { runAt } from "../../harness/evidence-runs.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { trailedEvidence } from "../../harness/trailed-evidence.ts";
import { runOf } from "../../shared/history/timeline.ts";

const SECRETS = ["SECRET-IN-CLEAR", "TOKEN-IN-CLEAR", "LTAI5tOfSomebodyElse"];

/** So many hours ago, to the second. */
function hoursAgo(hours: number): string {
  const time = new Date(Math.floor(Date.now() / 1_000) * 1_000 - hours * 3_600_000);
  return time.toISOString();
}

function event(hours: number, eventName: string, parameters: Record<string, string>, more = {}) {
  return trailEvent({
    eventId: `${eventName}-${hours}`,
    eventTime: hoursAgo(hours).replace(".000Z", "Z"),
    eventName,
    acsRegion: "cn-a",
    requestParameters: { ...parameters, AccessKeySecret: SECRETS[0] },
    responseElements: { credentials: { accessKeySecret: SECRETS[0], securityToken: SECRETS[1] } },
    ...more,
  });
}

test("history names who stopped a flow log between two runs, and no secret", async () => {
  const runs = [
    runAt(runOf(hoursAgo(72), { "cn-a/vpc-1": "C", "cn-a/vpc-2": "C" }), hoursAgo(72)),
    runAt(runOf(hoursAgo(48), { "cn-a/vpc-1": "N", "cn-a/vpc-2": "C" }), hoursAgo(48)),
  ];
  await using evidence = await trailedEvidence(runs);
  await using emulator = await startEmulator({
    regions: {},
    lookUpsPerSecond: 2,
    trail: {
      "1234567890123456": [
        event(60, "DeactiveFlowLog", { FlowLogId: "fl-1" }),
        event(59, "DeleteFlowLog", { FlowLogId: "fl-1" }, { errorCode: "Forbidden.RAM" }),
        event(55, "CreateFlowLog", { ResourceId: "vpc-2" }),
        event(30, "ActiveFlowLog", { FlowLogId: "fl-1" }),
      ],
    },
  });
  const outputs = [];
  // One after another, since an account has two calls a second.
  for (const format of ["table", "json", "csv"]) {
    const flags = ["-v", "--config", evidence.config, "--format", format];
    outputs.push(await runCli(["history", ...flags], emulatorEnv(emulator)));
  }
  for (const { stdout, stderr } of outputs) {
    expect(stderr).toBe("");
    for (const secret of SECRETS) expect(stdout).not.toContain(secret);
  }
  const [table, json, csv] = outputs.map(({ stdout }) => stdout);
  const { changes, trail } = JSON.parse(String(json));
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({
    resource: { id: "vpc-1" },
    before: { status: "COMPLIANT" },
    after: { status: "NON_COMPLIANT" },
    eventIds: ["DeactiveFlowLog-60"],
  });
  expect(trail.events.map(({ eventId }: { eventId: string }) => eventId)).toEqual([
    "DeactiveFlowLog-60",
    "DeleteFlowLog-59",
    "CreateFlowLog-55",
    "ActiveFlowLog-30",
  ]);
  expect(csv).toMatch(
    /,vpc-1,.*,1,,,\S+Z DeactiveFlowLog by ram-user alice from 203\.0\.113\.7 with a key that ends in Else\r\n/,
  );
  expect(table).toMatch(
    /COMPLIANT to NON_COMPLIANT {3}cn-a vpc-1\n {2}\S+Z DeactiveFlowLog by ram-user alice from 203\.0\.113\.7 with a key that ends in Else\n/,
  );
  expect(table).toMatch(
    /cn-a {3}DeleteFlowLog by ram-user alice .*: fl-1; it failed: Forbidden\.RAM/,
  );
});
