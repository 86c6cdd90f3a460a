import { expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { DEFAULT_WORLD } from "../../emulator/world.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { emulatorEnv } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import {
  organizationEnv,
  PROD,
  SAMPLE_ORGANIZATION,
  SECURITY,
} from "../../harness/sample-organization.ts";

const OPEN = { activated: false };

/** An organization in which nothing is activated. */
const WORLD = {
  ...SAMPLE_ORGANIZATION,
  regions: { "cn-a": OPEN, "cn-b": OPEN },
  accounts: {},
};

const NOTE = `flowlog-guard: other accounts are configured: only ${SECURITY}, the account of the credentials, is read and changed\n`;

/** The regions in which the service was activated. */
function activated({ requests }: Emulator): (string | null)[] {
  return requests
    .filter(({ action }) => action === "OpenFlowLogService")
    .map(({ regionId }) => regionId);
}

function actionsOf({ requests }: Emulator): ReadonlySet<string> {
  return new Set(requests.map(({ action }) => action));
}

test("enable of a configured organization changes the account of the credentials alone", async () => {
  await using emulator = await startEmulator(WORLD);
  const plan = await runMain(["enable"], organizationEnv(emulator));
  expect(plan.exitCode).toBe(0);
  expect(plan.stderr).toContain(`${NOTE}flowlog-guard: account ${SECURITY}: 2 changes planned\n`);

  const done = await runMain(["enable", "--yes"], organizationEnv(emulator));
  expect(done.exitCode).toBe(0);
  expect(done.stderr).toContain(NOTE);
  expect(done.stdout).toContain(`\n2 regions of account ${SECURITY}: 2 compliant`);
  expect(activated(emulator)).toEqual(["cn-a", "cn-b"]);
  expect(actionsOf(emulator)).not.toContain("AssumeRole");
  expect(actionsOf(emulator)).not.toContain("ListAccounts");
});

test("enable takes the regions that are configured for its own account", async () => {
  await using emulator = await startEmulator(WORLD);
  await using home = await homeFolder({
    "flowlog-guard.yaml": {
      accounts: [
        { id: SECURITY, regions: ["cn-b"] },
        { id: PROD, roleName: "flowlog-guard-audit" },
      ],
    },
  });
  const config = ["--config", `${home.path}/flowlog-guard.yaml`];
  const own = await runMain(["enable", "--yes", ...config], emulatorEnv(emulator));
  expect(own.stderr).toContain(NOTE);
  expect(own.stdout).toContain(`\n1 region of account ${SECURITY}: 1 compliant`);
  expect(activated(emulator)).toEqual(["cn-b"]);
  const named = await runMain(
    ["enable", "--yes", ...config, "--regions", "cn-a"],
    emulatorEnv(emulator),
  );
  expect(named.exitCode).toBe(0);
  expect(activated(emulator)).toEqual(["cn-b", "cn-a"]);
});

test("enable --accounts is refused, and nothing is asked", async () => {
  await using emulator = await startEmulator(WORLD);
  const args = ["enable", "--yes", "--accounts", PROD];
  const { exitCode, stderr } = await runMain(args, organizationEnv(emulator));
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    "--accounts: enable changes the account of its credentials and no other",
  );
  expect(emulator.requests).toEqual([]);
});

test("enable says nothing of other accounts where none are configured", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
  const { stderr } = await runMain(["enable"], emulatorEnv(emulator));
  expect(stderr).toMatch(
    new RegExp(`^flowlog-guard: account ${DEFAULT_WORLD.accountId}: 1 change`),
  );
});
