import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { REPOSITORY } from "../harness/documents.ts";
import { blocksIn, proseOf } from "../harness/markdown.ts";
import { cliEnv, emulatorEnv, runCli } from "../harness/run-cli.ts";
import { runNode } from "../harness/run-process.ts";
import { callsOf } from "../harness/shell-commands.ts";

const GUIDE = readFileSync(join(REPOSITORY, "docs/ci.md"), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly if?: string;
}
interface Workflow {
  readonly jobs: { readonly audit: { readonly steps: readonly Step[] } };
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const ACTION = load(readFileSync(join(REPOSITORY, "action.yml"), "utf8")) as Action;
const [workflowBlock = "", keysBlock = ""] = blocksIn("yaml", GUIDE);
const STEPS = (load(workflowBlock) as Workflow).jobs.audit.steps;

/** The names in the first column of a table, by its heading. */
function namesIn(heading: string): string[] {
  const [, rows = ""] =
    new RegExp(`^\\| ${heading} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, "m").exec(GUIDE) ?? [];
  return rows
    .split("\n")
    .flatMap((row) => [...String(row.split("|")[1]).matchAll(/`([\w-]+)`/g)])
    .map(([, name]) => String(name));
}

describe("the guide to CI", () => {
  let emulator: Emulator;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "flowlog-guard-guide-"));
    emulator = await startEmulator({
      regions: { "cn-a": { activated: true }, "cn-b": { activated: false } },
    });
  });
  afterAll(async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });

  test("names every input with its default, and every output", () => {
    expect(namesIn("input").toSorted()).toEqual(Object.keys(ACTION.inputs).toSorted());
    expect(namesIn("output").toSorted()).toEqual(Object.keys(ACTION.outputs).toSorted());
    for (const [name, { default: fallback }] of Object.entries(ACTION.inputs)) {
      if (fallback === "") continue;
      expect(GUIDE).toMatch(new RegExp(`^\\| \`${name}\` \\|.*\\| \`${fallback}\` \\|$`, "m"));
    }
  });

  test("gives the action inputs that it has, and reads outputs that it has", () => {
    const uses = [...STEPS, ...(load(keysBlock) as Step[])].filter(
      (step) => step.uses?.startsWith("OWNER/flowlog-guard@") === true,
    );
    expect(uses).toHaveLength(2);
    for (const step of uses) {
      for (const name of Object.keys(step.with ?? {})) expect(ACTION.inputs).toHaveProperty(name);
    }
    const read = [...workflowBlock.matchAll(/steps\.audit\.outputs\.([\w-]+)/g)];
    expect(read.length).toBeGreaterThan(2);
    for (const [, name] of read) expect(ACTION.outputs).toHaveProperty(String(name));
  });

  test("keeps for code scanning only what fails", async () => {
    const output = join(folder, "report.sarif");
    const { exitCode } = await runCli(["audit", "--output", output], emulatorEnv(emulator));
    expect(exitCode).toBe(1);
    const [script = "", ...others] = STEPS.flatMap(({ run }) => run ?? []);
    expect(others).toEqual([]);
    const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
    const shell = { node: "bash", cwd: folder, env: { PATH } };
    const ran = await runNode(["-eo", "pipefail", "-c", script], shell);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const { runs } = JSON.parse(readFileSync(join(folder, "failures.sarif"), "utf8"));
    expect(runs[0].results).toMatchObject([
      { kind: "fail", properties: { status: "NON_COMPLIANT" } },
    ]);
  });

  test("has commands that run", async () => {
    const calls = blocksIn("sh", GUIDE).flatMap((script) => callsOf("flowlog-guard", script));
    expect(calls).toHaveLength(2);
    for (const args of calls) {
      const { exitCode, stderr } = await runCli(args, emulatorEnv(emulator), { cwd: folder });
      expect({ args, stderr, exitCode }).toMatchObject({ exitCode: args[0] === "audit" ? 1 : 0 });
    }
    expect(readFileSync(join(folder, "report.xml"), "utf8")).toContain("<testsuites");
  });

  test("has a state that the configuration takes", async () => {
    const [, address = ""] = /`(oss:\/\/[^`]+)`/.exec(proseOf(GUIDE)) ?? [];
    const env = { ...cliEnv({}), FLOWLOG_GUARD_STATE: address };
    const { exitCode, stdout } = await runCli(["config"], env);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("my-bucket");
  });
});
