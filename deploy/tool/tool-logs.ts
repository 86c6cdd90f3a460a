import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, parse, relative } from "node:path";
import process from "node:process";

import { ConfigError, RunError } from "../../shared/audit/run-error.ts";
import type { Environment } from "../../shared/program/environment.ts";
import { errorCode } from "../../shared/text/error-code.ts";

/** The deployment was ended by a signal. */
export class InterruptedError extends RunError {
  override readonly name = "InterruptedError";
}

/** The private log folder of one deployment, and the signal that stops the deployment. */
export interface ToolLogs extends Disposable {
  /** Contains the logs until disposal. */
  readonly folder: string;
  /** Variables to add to the environment of every call of Serverless Devs. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted with an {@link InterruptedError} when this process is asked to end. */
  readonly stop: AbortSignal;
}

/**
 * Serverless Devs appends the value to the path of its logs, `~/.s/logs`. Without it, the folder is
 * named after the time, and two runs can share it.
 */
const NAME_VARIABLE = "serverless_devs_traceid";
/** More levels than any home has; `..` in the root is without effect. */
const UP_TO_ROOT = "../".repeat(64);
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Redirects the logs of Serverless Devs, which contain every secret of the deployment and are
 * readable by all users (0644 in 0755), to a folder of this run that only its owner can enter (0700).
 * The folder is removed on disposal; signals do not end this process before that. The logs of other
 * runs are neither read nor changed.
 *
 * A umask is no alternative: Serverless Devs also builds the functions, and the modes of the built
 * files are deployed.
 *
 * @param env - the environment of Serverless Devs
 * @param onLine - called with a line that says what happened to the logs
 * @throws {@link ConfigError} when the folder for temporary files cannot be written to
 */
export function openToolLogs(env: Environment, onLine: (line: string) => void): ToolLogs {
  const folder = makeFolder();
  const home = join(env["serverless_devs_config_home"] || env["HOME"] || homedir(), ".s");
  const before = { logs: filesIn(join(home, "logs")), zips: filesIn(join(home, ".s/fc/zip")) };
  const stop = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    stop.abort(
      new InterruptedError(`${signal} ended the deployment. What was deployed before it stays.`),
    );
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  /** For an exit without disposal, such as a crash: programs that still run would write more logs. */
  const abandon = (): void => {
    stop.abort();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", abandon);

  return {
    folder,
    env: { [NAME_VARIABLE]: UP_TO_ROOT + relative(parse(folder).root, folder) },
    stop: stop.signal,
    [Symbol.dispose]: () => {
      const removed = removeLogs(folder);
      const outcomes = [
        removed,
        // Another version of Serverless Devs may ignore the variable.
        removed === null ? restrictToOwner(join(home, "logs"), before.logs) : null,
        // The component keeps the zip of a function's code when it did not upload it.
        restrictToOwner(join(home, ".s/fc/zip"), before.zips),
      ];
      for (const line of outcomes) if (line !== null) onLine(`deploy: ${line}`);
      process.off("exit", abandon);
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
  };
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "flowlog-guard-deploy-"));
  } catch (error) {
    throw new ConfigError(
      [`${tmpdir()}: cannot be written to, and is needed for the logs: set TMPDIR to a folder`],
      { cause: error },
    );
  }
}

/** @returns a sentence about what happened to the logs; null when there are none */
function removeLogs(folder: string): string | null {
  try {
    const isWritten = existsSync(folder) && readdirSync(folder).length > 0;
    rmSync(folder, { recursive: true, force: true });
    return isWritten
      ? "removed the logs that Serverless Devs wrote in this run: they hold secrets"
      : null;
  } catch (error) {
    return `warning: the logs of Serverless Devs hold secrets and cannot be removed (${errorCode(error) ?? "unknown error"}): ${folder}`;
  }
}

/** Each regular file below a folder, with a mark that changes when the file is written. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    return new Map(
      files.map((file) => {
        const { mtimeMs, size } = statSync(file);
        return [file, `${mtimeMs} ${size}`];
      }),
    );
  } catch {
    // The folder does not exist, or another process is removing files in it.
    return new Map();
  }
}

/**
 * Makes the files that were written below a folder since the start readable by their owner only.
 * They are not removed, because another run may have written them and still use them.
 *
 * @returns a sentence about what was done; null when there was nothing to do
 */
function restrictToOwner(folder: string, before: ReadonlyMap<string, string>): string | null {
  const written = [...filesIn(folder)].filter(([file, mark]) => before.get(file) !== mark);
  if (written.length === 0) return null;
  try {
    for (const [file] of written) {
      chmodSync(file, 0o600);
      if (dirname(file) !== folder) chmodSync(dirname(file), 0o700);
    }
    return `only you can read now what Serverless Devs wrote to ${folder} in this run, which may hold secrets`;
  } catch (error) {
    return `warning: Serverless Devs wrote to ${folder} what may hold secrets, and others may read it (${errorCode(error) ?? "unknown error"})`;
  }
}
