import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, parse, relative } from "node:path";
import process from "node:process";

import { ConfigError, RunError } from "../shared/audit/run-error.ts";
import type { Environment } from "../shared/program/environment.ts";
import { errorCode } from "../shared/text/error-code.ts";

/** The deployment was ended by a signal. */
export class InterruptedError extends RunError {
  override readonly name = "InterruptedError";
}

/** Where Serverless Devs writes the logs of this deployment, and what ends its programs. */
export interface ToolLogs extends Disposable {
  /** The folder that the logs are in until disposal. */
  readonly folder: string;
  /** What every call of Serverless Devs needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted with an {@link InterruptedError} when this process is asked to end. */
  readonly stop: AbortSignal;
}

/**
 * Serverless Devs joins this to the folder of its logs, `~/.s/logs`, in place of a name made of the
 * time, which two runs may share.
 */
const NAME_VARIABLE = "serverless_devs_traceid";
/** More than any home has folders above it; what leads above the root is without effect. */
const UP_TO_ROOT = "../".repeat(64);
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Has Serverless Devs write its logs, which hold every secret of the deployment and can be read by
 * everybody (0644 in 0755), into a folder of this run alone that only its owner can enter (0700).
 * The folder is removed on disposal, and a signal does not end this process before that. Other runs'
 * logs are neither read nor changed.
 *
 * No umask does it: Serverless Devs builds the functions as well, and the modes of the built files
 * are deployed.
 *
 * @param env - the environment that Serverless Devs is run with
 * @param onLine - told in one line what became of the logs
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
  /** For an end that nobody foresaw: what still runs would write on. */
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
      const said = [
        removed,
        // Another version of Serverless Devs may not know the variable.
        removed === null ? tighten(join(home, "logs"), before.logs) : null,
        // The component leaves the code of a function where it did not upload it.
        tighten(join(home, ".s/fc/zip"), before.zips),
      ];
      for (const line of said) if (line !== null) onLine(`deploy: ${line}`);
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

/** @returns what became of the logs; null when there are none */
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

/** Each file below a folder, links left out, and what changes when it is written to. */
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
    // There is none, or somebody removes files in it right now.
    return new Map();
  }
}

/**
 * Keeps what was written below a folder since the start for its owner alone. It is not removed: who
 * wrote it may be another run that is still under way.
 *
 * @returns what was done; null when there was nothing to do
 */
function tighten(folder: string, before: ReadonlyMap<string, string>): string | null {
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
