import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Where `.ci/run` puts the Python packages with which tests read formats. */
const PACKAGES = fileURLToPath(new URL("../../.ci/python", import.meta.url));
const ENV = { ...process.env, PYTHONPATH: PACKAGES, PYTHONDONTWRITEBYTECODE: "1" };

/** Whether there is a Python 3 on the PATH in which a module can be imported. */
export function hasPython(module: string): boolean {
  return spawnSync("python3", ["-c", `import ${module}`], { env: ENV }).status === 0;
}

/**
 * Runs a Python script over a text, and parses the JSON that it prints.
 *
 * @throws `Error` with what the script wrote to stderr, when it fails
 */
export function askPython(script: string, input: string): unknown {
  const { status, stdout, stderr } = spawnSync("python3", ["-X", "utf8", "-c", script], {
    env: ENV,
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
