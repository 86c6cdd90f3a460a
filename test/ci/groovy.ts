import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("read-jenkinsfile.groovy", import.meta.url));

/** Debian's package `groovy`, of the version that Jenkins has: installed, or unpacked by `.ci/run`. */
const JAR = [
  fileURLToPath(new URL("../../.ci/debian/usr/share/java/groovy-all.jar", import.meta.url)),
  "/usr/share/java/groovy-all.jar",
].find((path) => existsSync(path));

/** Whether there are Groovy and a Java that runs it. */
export function hasGroovy(): boolean {
  return JAR !== undefined && spawnSync("java", ["-version"]).status === 0;
}

/** A block, a step or an assignment of a Jenkinsfile. */
export interface PipelineEntry {
  readonly name: string;
  readonly arguments?: readonly unknown[];
  readonly value?: unknown;
  readonly body?: readonly PipelineEntry[];
}

/**
 * Reads a declarative pipeline by Groovy.
 *
 * @throws `Error` with what Groovy says, where it is not one
 */
export function readJenkinsfile(text: string): PipelineEntry[] {
  const { status, stdout, stderr } = spawnSync(
    "java",
    ["-cp", String(JAR), "groovy.ui.GroovyMain", SCRIPT],
    { input: text, encoding: "utf8", timeout: 60_000 },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** All entries, with those in blocks. */
export function allEntries(entries: readonly PipelineEntry[]): PipelineEntry[] {
  return entries.flatMap((entry) => [entry, ...allEntries(entry.body ?? [])]);
}
