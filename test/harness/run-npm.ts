import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import type { ProcessResult } from "./run-process.ts";

/**
 * Runs npm or npx, or a shell that does, as on a machine of its own: with an empty home and cache, and without a network.
 *
 * @param program - `sh` for a command line that runs one of them
 * @param home - the folder of both
 * @param env - more of the environment
 */
export async function runNpm(
  program: "npm" | "npx" | "sh",
  args: readonly string[],
  cwd: string,
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessResult> {
  const child = spawn(program, args, {
    cwd,
    env: {
      PATH: String(process.env["PATH"]),
      HOME: home,
      npm_config_cache: join(home, ".npm"),
      npm_config_offline: "true",
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_update_notifier: "false",
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit,
  ]);
  return { exitCode, stdout, stderr };
}
