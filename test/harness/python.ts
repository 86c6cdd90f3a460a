import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where `.ci/run` puts a Python with the packages that tests read formats with. */
const OWN_PYTHON = fileURLToPath(new URL("../../.ci/python/bin/python3", import.meta.url));

/**
 * A Python 3 in which a module can be imported: that of `.ci/run`, or the one on the PATH.
 *
 * @param module - such as `prometheus_client`
 * @returns the path or name of its binary; null where there is none
 */
export function findPython(module: string): string | null {
  const candidates = [OWN_PYTHON, "python3"].filter((it) => it === "python3" || existsSync(it));
  return (
    candidates.find((python) => spawnSync(python, ["-c", `import ${module}`]).status === 0) ?? null
  );
}

/**
 * Runs a Python script over a text, and parses the JSON that it prints.
 *
 * @throws `Error` with what the script wrote to stderr, when it fails
 */
export function askPython(python: string, script: string, input: string): unknown {
  const { status, stdout, stderr } = spawnSync(python, ["-X", "utf8", "-c", script], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
