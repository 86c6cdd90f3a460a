import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

/** How the stand-in behaves. */
export interface Behaviour {
  /** What `s -v` prints; null when there is no such program. */
  readonly version?: string | null;
  /** What `s deploy` prints, on both of its streams, and its exit code; "never" keeps it running. */
  readonly deploy?: { readonly output: string; readonly exitCode: number | "never" };
  /** What `s info` prints. */
  readonly info?: string;
  /** What `s KEY info` prints of a function that `s info` leaves out, and fails. @default nothing */
  readonly failures?: Readonly<Record<string, string>>;
  /** What `s plan` prints, and its exit code. */
  readonly plan?: { readonly output: string; readonly exitCode: number };
  /** The checksum of the code that `s deploy` uploads, by the key of the function; it is logged. */
  readonly uploaded?: Readonly<Record<string, string>>;
  /** Whether `s deploy` leaves the zip of a function, as it does where it did not upload it. */
  readonly leavesZip?: boolean;
  /** Whether the folder of the logs can be named by `serverless_devs_traceid`. @default true */
  readonly logsCanBeNamed?: boolean;
}

/** A run of the stand-in. */
export interface Call {
  readonly args: readonly string[];
  /** Whether it had a terminal for questions. */
  readonly asks: boolean;
}

/**
 * Behaves as the real program: messages about itself precede the output, and the output does not depend
 * on the exit code. Every call writes logs, which contain the values of variables, into a folder below
 * `~/.s/logs` that is named by the environment or the time. All users can read the logs.
 */
const PROGRAM = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { homedir } = require("node:os");
const { join } = require("node:path");
const args = process.argv.slice(2);
const behaviour = JSON.parse(readFileSync(join(__dirname, "behaviour.json"), "utf8"));
const call = { args, asks: process.stdin.isTTY === true };
appendFileSync(join(__dirname, "calls.jsonl"), JSON.stringify(call) + "\\n");
const home = process.env.serverless_devs_config_home || homedir();
const name = behaviour.logsCanBeNamed === false ? undefined : process.env.serverless_devs_traceid;
const logs = join(home, ".s", "logs", name || "1122113652");
mkdirSync(logs, { recursive: true });
appendFileSync(join(logs, "s_cli.log"), "[DEBUG] " + args.join(" ") + "\\n");
if (args[0] !== "-v") {
  appendFileSync(join(logs, "flowlog-guard-check.log"), "[DEBUG] " + JSON.stringify(process.env) + "\\n");
}
process.on("exit", (code) => {
  if (code !== 0) writeFileSync(join(logs, "error.json"), JSON.stringify([{ exitCode: code }]));
});
for (const [key, checksum] of Object.entries((args[0] === "deploy" && behaviour.uploaded) || {})) {
  const line = "[2026-11-28 00:58:10][DEBUG] code zip crc64=" + checksum + "; codeChecksum=undefined\\n";
  appendFileSync(join(logs, key + ".log"), line);
}
if (args[0] === "deploy" && behaviour.leavesZip) {
  mkdirSync(join(home, ".s/.s/fc/zip"), { recursive: true });
  writeFileSync(join(home, ".s/.s/fc/zip/cn-hangzhou_flowlog-guard-check_1795855090000.zip"), "zip");
}
if (args[0] === "-v") console.log(behaviour.version);
if (args[0] === "deploy" || args[0] === "plan") {
  const { output, exitCode } = behaviour[args[0]];
  // In pieces, and on both streams at once, since a pipe does not keep lines together.
  for (const piece of output.match(/[^]{1,7}/g) ?? []) {
    process.stdout.write(piece);
    process.stderr.write(piece);
  }
  if (exitCode === "never") setTimeout(() => {}, 60_000);
  else process.exitCode = exitCode;
}
if (args[0] === "info") {
  console.log("[2026-11-22 11:36:52][WARN][s_cli] It is not recommended to run the command as root.");
  // It prints nothing about unreadable functions, and in CI it leaves out the variables.
  const isCi = Object.keys(process.env).some((name) => name.startsWith("GITHUB"));
  const printed = isCi ? behaviour.info?.replace("environmentVariables", "left-out") : behaviour.info;
  if (printed) console.log(printed);
}
if (args[1] === "info") {
  const [key] = args;
  console.log(behaviour.failures?.[key] ?? "");
  process.exitCode = 101;
}
`;

/** Puts the stand-in, and what it needs, into a folder that is the only one on `PATH`. */
export function installServerlessDevs(binDir: string, behaviour: Behaviour): void {
  mkdirSync(binDir, { recursive: true });
  symlinkSync(process.execPath, join(binDir, "node"));
  symlinkSync(join(dirname(process.execPath), "npm"), join(binDir, "npm"));
  symlinkSync("/bin/sh", join(binDir, "sh"));
  symlinkSync("/bin/cp", join(binDir, "cp"));
  const { version = "@serverless-devs/s: 3.1.10, linux-x64, node-v20.20.2" } = behaviour;
  if (version === null) return;
  writeFileSync(join(binDir, "behaviour.json"), JSON.stringify({ ...behaviour, version }));
  writeFileSync(join(binDir, "s"), PROGRAM);
  chmodSync(join(binDir, "s"), 0o755);
}

/** The runs of the stand-in, in order. */
export function callsOf(binDir: string): Call[] {
  try {
    const lines = readFileSync(join(binDir, "calls.jsonl"), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}
