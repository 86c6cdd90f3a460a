import { spawn } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

import { inject } from "vitest";

import { copyCheckout } from "../../harness/copy-checkout.ts";
import { blocksIn } from "../../harness/markdown.ts";
import { startGuideCloud } from "./guide-cloud.ts";
import { stepsOf } from "./guide-statements.ts";
import type { Guide } from "./guides.ts";
import {
  INSTALLED,
  ORDINARY_PROGRAMS,
  OUTSIDE_PROGRAM,
  OUTSIDE_PROGRAMS,
  pathOf,
  STOP_AFTER_A_RUN,
} from "./outside-programs.ts";

/** A call of the command line. */
export interface ProgramCall {
  /** With spaces between. */
  readonly args: string;
  readonly exitCode: number;
}

/** A statement of a guide that was run. */
export interface RanStatement {
  readonly statement: string;
  /** Null where the shell had ended. */
  readonly exitCode: number | null;
  readonly stderr: string;
  /** In their order. */
  readonly calls: readonly ProgramCall[];
}

/** What came of the commands of a guide. */
export interface FollowedGuide {
  readonly statements: readonly RanStatement[];
  /** Every call of a program that only takes it down. */
  readonly outsideCalls: readonly string[];
}

/** What every reader fills in. */
const FILLED_IN = [
  [
    "export ALIBABA_CLOUD_ACCESS_KEY_ID=... ALIBABA_CLOUD_ACCESS_KEY_SECRET=...",
    'export ALIBABA_CLOUD_ACCESS_KEY_ID="$READER_ID" ALIBABA_CLOUD_ACCESS_KEY_SECRET="$READER_SECRET"',
  ],
] as const;

/**
 * Runs every command of a guide in one shell, in a checkout of its own, against the emulated cloud.
 *
 * @throws when the table names a text that the guide has not
 */
export async function followGuide(markdown: string, guide: Guide): Promise<FollowedGuide> {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-guide-"));
  const [checkout, bin, home, out] = ["checkout", "bin", "home", "out"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  try {
    await using cloud = await startGuideCloud(folder, guide.regions);
    await copyCheckout(checkout);
    symlinkSync(inject("dist"), join(checkout, "dist"));
    await Promise.all([mkdir(bin), mkdir(out), writeHome(home, cloud.env)]);
    await installPrograms(folder, bin);

    const { statements, files } = stepsOf(markdown);
    if (guide.configuration !== undefined) {
      const shown = blocksIn("yaml", markdown)[guide.configuration];
      await writeFile(join(checkout, "flowlog-guard.yaml"), String(shown));
    }
    for (const [name, text] of [...files, ...Object.entries(guide.files ?? {})]) {
      await mkdir(dirname(join(checkout, name)), { recursive: true });
      await writeFile(join(checkout, name), text);
    }
    const filled = statements.map((statement) => fillIn(statement, guide.instead ?? {}));
    const unused = Object.keys(guide.instead ?? {}).find(
      (text) => !statements.some((statement) => statement.includes(text)),
    );
    if (unused !== undefined) throw new Error(`The guide has no ${unused}`);
    await writeFile(join(folder, "guide.bash"), scriptOf([guide.before ?? ":", ...filled]));
    const shell = spawn("bash", [join(folder, "guide.bash")], {
      cwd: checkout,
      stdio: "ignore",
      env: {
        ...cloud.env,
        PATH: bin,
        HOME: home,
        TMPDIR: out,
        OUT: out,
        STOP_AFTER_A_RUN,
        INSTALLED_COMMAND: join(folder, "flowlog-guard"),
        PROGRAM_CALLS: join(out, "program-calls"),
        OUTSIDE_CALLS: join(out, "outside-calls"),
        READER_ID: String(cloud.env["ALIBABA_CLOUD_ACCESS_KEY_ID"]),
        READER_SECRET: String(cloud.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]),
        ...guide.env,
      },
    });
    await new Promise((resolve) => shell.once("close", resolve));

    const exitCodes = linesOf(join(out, "exit-codes"));
    const calls = linesOf(join(out, "program-calls")).map((line) => line.split("\t"));
    return {
      statements: [guide.before ?? ":", ...statements].map((statement, index) => ({
        statement,
        exitCode: exitCodes[index] === undefined ? null : Number(exitCodes[index]),
        stderr: textOf(join(out, `${index}.stderr`)),
        calls: calls
          .filter(([at]) => Number(at) === index)
          .map(([, exitCode, args = ""]) => ({ args, exitCode: Number(exitCode) })),
      })),
      outsideCalls: linesOf(join(out, "outside-calls")).map((line) => shortened(JSON.parse(line))),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fillIn(statement: string, instead: Readonly<Record<string, string>>): string {
  const pairs = [...FILLED_IN, ...Object.entries(instead)];
  return pairs.reduce((text, [from, to]) => text.replace(from, () => to), statement);
}

/** One shell for all, so that variables and functions stay. */
function scriptOf(statements: readonly string[]): string {
  const parts = statements.map(
    (statement, index) =>
      `export GUIDE_STATEMENT=${index}\n{\n${statement}\n} >"$OUT/${index}.stdout" 2>"$OUT/${index}.stderr" </dev/null\necho $? >>"$OUT/exit-codes"`,
  );
  return `${parts.join("\n")}\n`;
}

/** What a reader has at home: a profile of the aliyun command line, and the folder of a shell. */
async function writeHome(home: string, env: Readonly<Record<string, string>>): Promise<void> {
  const profile = {
    name: "prod",
    mode: "AK",
    access_key_id: env["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret: env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    region_id: "cn-hangzhou",
  };
  await mkdir(join(home, ".aliyun"), { recursive: true });
  await mkdir(join(home, ".config/fish/completions"), { recursive: true });
  const config = JSON.stringify({ current: "prod", profiles: [profile] });
  await writeFile(join(home, ".aliyun/config.json"), config);
}

/** Nothing else of this machine can be called. */
async function installPrograms(folder: string, bin: string): Promise<void> {
  symlinkSync(process.execPath, join(bin, "node"));
  symlinkSync(join(inject("dist"), "cli/index.js"), join(folder, "flowlog-guard"));
  for (const name of ORDINARY_PROGRAMS) {
    const found = pathOf(name);
    if (found !== undefined) symlinkSync(found, join(bin, name));
  }
  await writeFile(join(folder, "outside.cjs"), OUTSIDE_PROGRAM);
  const stand = (name: string): string =>
    `#!/bin/sh\nexec node ${join(folder, "outside.cjs")} ${name} "$@"\n`;
  for (const name of OUTSIDE_PROGRAMS) {
    await writeFile(join(bin, name), stand(name), { mode: 0o755 });
  }
  await writeFile(join(bin, "flowlog-guard"), INSTALLED, { mode: 0o755 });
}

/** A call in one line, without what a file or a policy fills in. */
function shortened(args: readonly string[]): string {
  return args.map((arg) => (arg.length > 60 || arg.includes("\n") ? "…" : arg)).join(" ");
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function linesOf(path: string): string[] {
  return textOf(path).split("\n").filter(Boolean);
}
