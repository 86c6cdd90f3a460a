import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** Programs that no test can run: they would change a cloud, a cluster or this machine. */
export const OUTSIDE_PROGRAMS = [
  "aliyun",
  "docker",
  "kubectl",
  "npm",
  "prowler",
  "s",
  "terraform",
] as const;

/** What every shell has, and the guides may use. */
export const ORDINARY_PROGRAMS = [
  ...["bash", "sh", "env", "cat", "cp", "mkdir", "sed", "tr"],
  ...["grep", "find", "sort", "sha256sum", "basename", "jq"],
] as const;

/**
 * Stands in for them: takes down the call, and refuses what is wrong with it whatever the program is: an
 * empty argument, as of a variable that is not set or a command that failed, JSON that does not parse, and
 * a file that is not there. `npm pack` and `aliyun oss cp` leave what later commands take; a container runs
 * the command line with the arguments after the name of the image.
 */
export const OUTSIDE_PROGRAM = `
(async () => {
const { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const { dirname, join } = require("node:path");
const [program, ...args] = process.argv.slice(2);
const { OUTSIDE_CALLS, KEPT_OBJECTS_URL } = process.env;
appendFileSync(OUTSIDE_CALLS, JSON.stringify([program, ...args]) + "\\n");

function refuse(problem) {
  console.error(program + ": error: " + problem);
  process.exit(64);
}
const after = (...flags) => args.filter((_arg, at) => flags.includes(args[at - 1]));

if (args.includes("")) refuse("an argument is empty: " + JSON.stringify(args));
for (const arg of args.filter((arg) => /^\\s*[{[]/.test(arg))) {
  try { JSON.parse(arg); } catch { refuse("no JSON: " + arg); }
}
for (const path of after("--filename", "--patch-file", "--env-file", "-t", "--template")) {
  if (!existsSync(path)) refuse("no such file: " + path);
}
if (program === "aliyun") {
  // As the real one does where only keys are in the environment.
  if (!args.includes("--region")) refuse("region can't be empty");
  const [product, ...words] = args;
  const isAction = /^[A-Z][A-Za-z]+$/.test(words[0] || "");
  if (product !== "oss" && !isAction) refuse("no action: " + args.join(" "));
  const [from = "", to = ""] = product === "oss" && words[0] === "cp" ? words.slice(1).filter((word) => !word.startsWith("-")) : [];
  const [, bucket, prefix] = /^oss:\\/\\/([^/]+)\\/(.*)$/.exec(from) ?? [];
  const kept = bucket === undefined ? {} : (await (await fetch(KEPT_OBJECTS_URL)).json())[bucket] ?? {};
  const names = Object.keys(kept).filter((name) => name.startsWith(prefix));
  if (from !== "" && names.length === 0) refuse("nothing is kept at " + from);
  for (const name of names) {
    const path = join(to, name.slice(prefix.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, kept[name]);
  }
}
if (program === "docker" && args[0] === "run") {
  const { status } = spawnSync("flowlog-guard", args.slice(args.indexOf("flowlog-guard") + 1), { stdio: "inherit" });
  process.exit(status);
}
if (program === "docker" && args[0] === "build" && !existsSync("Dockerfile")) refuse("no Dockerfile");
if (program === "terraform") {
  const [, folder = "."] = /^-chdir=(.*)$/.exec(args[0]) ?? [];
  const configured = (path) => existsSync(path) && readdirSync(path).some((name) => name.endsWith(".tf"));
  if (!configured(folder)) refuse("no configuration in " + folder);
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".tf"))) {
    for (const [, source] of readFileSync(join(folder, name), "utf8").matchAll(/source += "(\\.[^"]*)"/g)) {
      if (!configured(join(folder, source))) refuse("no module in " + source);
    }
  }
}
if (program === "npm") {
  const { name, version, scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  if (args[0] === "pack") writeFileSync(name + "-" + version + ".tgz", "");
  const packed = args.find((arg) => arg.endsWith(".tgz"));
  if (packed !== undefined && !existsSync(packed)) refuse("no such file: " + packed);
  if (args[0] === "run" && !(args[1] in scripts)) refuse("no such script: " + args[1]);
}
})();
`;

/** Stops what would run until it is stopped, after its first run. */
export const STOP_AFTER_A_RUN = `
const { spawn } = require("node:child_process");
const [program, ...args] = process.argv.slice(1);
const now = args.includes("--now") ? [] : ["--now"];
const child = spawn(program, [...args, ...now], { stdio: ["ignore", "pipe", "inherit"] });
child.stdout.pipe(process.stdout);
child.stdout.once("data", () => child.kill("SIGTERM"));
child.once("close", (code) => process.exit(code ?? 64));
`;

/**
 * The installed command, which takes down each call and its exit code: a call inside of another command, or
 * of a pipe, would fail unseen.
 */
export const INSTALLED = `#!/bin/sh
case "$*" in
  *--once* | *--help*) "$INSTALLED_COMMAND" "$@" ;;
  watch*) node -e "$STOP_AFTER_A_RUN" -- "$INSTALLED_COMMAND" "$@" ;;
  *) "$INSTALLED_COMMAND" "$@" ;;
esac
status=$?
printf '%s\\t%s\\t%s\\n' "$GUIDE_STATEMENT" $status "$*" >>"$PROGRAM_CALLS"
exit $status
`;

/** Whether this machine has a program. */
export function isInstalled(name: string): boolean {
  return pathOf(name) !== undefined;
}

/** Where a program is on this machine; undefined where it is not. */
export function pathOf(name: string): string | undefined {
  return String(process.env["PATH"])
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
