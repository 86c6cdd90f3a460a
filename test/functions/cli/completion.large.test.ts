import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { SHELLS } from "../../../functions/cli/commands/completion/shells.ts";
import { HISTORY_FORMAT_NAMES } from "../../../functions/cli/commands/history/history-format-names.ts";
import { RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import { FORMAT_NAMES } from "../../../shared/report/formats.ts";
import { STATUSES_WORST_FIRST } from "../../../shared/report/status-order.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { runCli } from "../../harness/run-cli.ts";
import {
  completeInBash,
  completeInFish,
  completeInZsh,
  hasShell,
} from "../../harness/shell-completion.ts";

const COMPLETE = { bash: completeInBash, zsh: completeInZsh, fish: completeInFish } as const;

const folder = mkdtempSync(join(tmpdir(), "flowlog-guard-shells-"));
const home = join(folder, "home");
const cwd = join(folder, "cwd");
beforeAll(() => {
  mkdirSync(join(home, ".aliyun"), { recursive: true });
  mkdirSync(cwd);
  writeFileSync(join(cwd, "my.yaml"), "");
  writeFileSync(
    join(home, ".aliyun/config.json"),
    '{\n\t"current": "prod",\n\t"profiles": [\n\t\t{\n\t\t\t"name": "prod",\n\t\t\t"ram_role_name": "nope"\n\t\t},\n\t\t{ "name": "dev", "access_key_id": "LTAIs3cret" }\n\t]\n}\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lines that a user typed so far, with all that there is for the last word. */
const LINES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["flowlog-guard au", ["audit"]],
  ["flowlog-guard audit --fo", ["--format"]],
  ["flowlog-guard audit --format ", FORMAT_NAMES],
  ["flowlog-guard audit --format=js", ["json"]],
  ["flowlog-guard audit --remote -f j", ["json", "junit"]],
  ["flowlog-guard history --format ", HISTORY_FORMAT_NAMES],
  ["flowlog-guard alert t", ["test"]],
  ["flowlog-guard alert preview --type ", RECEIVER_TYPES],
  ["flowlog-guard state show --fo", ["--format"]],
  // The value of a flag is no command.
  ["flowlog-guard alert test --receiver audit --fo", []],
  ["flowlog-guard audit --rules ", ["all", ...RULE_IDS]],
  [
    "flowlog-guard audit --rules vpc-flow-log-active,flow",
    ["flow-log-service-activated", "flow-log-retention"],
  ],
  ["flowlog-guard audit --only ", STATUSES_WORST_FIRST],
  ["flowlog-guard audit --profile ", ["prod", "dev"]],
  ["flowlog-guard config -c m", ["my.yaml"]],
  ["flowlog-guard audit --output m", ["my.yaml"]],
  ["flowlog-guard audit --regions ", []],
  ["flowlog-guard completion ", SHELLS],
  ["flowlog-guard help alert", ["alert"]],
];

describe.each(SHELLS)("completion in %s", (shell) => {
  test.skipIf(!hasShell(shell))(`of several words (${shell})`, { timeout: 120_000 }, async () => {
    const { exitCode, stdout: script } = await runCli(["completion", shell]);
    expect(exitCode).toBe(0);
    for (const [line, words] of LINES) {
      const found = COMPLETE[shell](line, { script, folder, cwd, home });
      // Shells differ in their order, and in whether they repeat what is before the last word.
      const last = found.map((word) => word.replace(/^(--\w+=|.*,)/, ""));
      expect([line, [...new Set(last)].toSorted()]).toEqual([line, [...words].toSorted()]);
    }
  });

  test.skipIf(!hasShell(shell))(
    `of all commands and flags (${shell})`,
    { timeout: 120_000 },
    async () => {
      const { stdout: script } = await runCli(["completion", shell]);
      const { stdout: help } = await runCli(["help"]);
      const commands = [...help.matchAll(/^ {2}([a-z]+)(?= )/gm)].map(([, name]) => String(name));
      const place = { script, folder, cwd, home };
      const offered = COMPLETE[shell]("flowlog-guard ", place);
      expect([...new Set(offered)].toSorted()).toEqual([...new Set(commands)].toSorted());
      expect(commands.length).toBeGreaterThan(10);
      for (const name of ["audit", "alert preview", "watch"]) {
        const flags = (await runCli(["help", ...name.split(" ")])).stdout.matchAll(
          /^ {2}(?:-\w, )?(--[a-z-]+)/gm,
        );
        const longs = [...flags].map(([, flag]) => String(flag));
        const found = COMPLETE[shell](`flowlog-guard ${name} --`, place);
        expect([...new Set(found)].toSorted()).toEqual([...new Set(longs)].toSorted());
      }
    },
  );
});

test("bash 3.2, which quotes no names of files itself, gets them quoted", async () => {
  const { stdout: script } = await runCli(["completion", "bash"]);
  const place = { script, folder, cwd: mkdtempSync(join(folder, "hostile-")), home };
  writeFileSync(join(place.cwd, "r$(touch x).yaml"), "");
  const line = "flowlog-guard config -c r";
  expect(completeInBash(line, place)).toEqual(["r$(touch x).yaml"]);
  expect(completeInBash(line, place, false)).toEqual(["r\\$\\(touch\\ x\\).yaml"]);
});
