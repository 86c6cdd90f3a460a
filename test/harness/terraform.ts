import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a run of terraform said. */
export interface TerraformRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether terraform is on the PATH. */
export function hasTerraform(): boolean {
  return spawnSync("terraform", ["version"], { env: environment() }).status === 0;
}

/** Runs terraform in a folder; it asks nobody for a newer version of itself. */
export function runTerraform(cwd: string, args: readonly string[], input = ""): TerraformRun {
  const options = { cwd, input, env: environment(), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync("terraform", args, options);
  return { exitCode: status, stdout, stderr };
}

/**
 * Evaluates an expression in a module that needs no provider.
 *
 * @param folder - of the module
 * @param variables - of the module
 * @throws `Error` with what terraform said
 */
export function evaluate(
  folder: string,
  variables: Readonly<Record<string, unknown>>,
  expression: string,
): unknown {
  const dir = mkdtempSync(join(tmpdir(), "flowlog-guard-terraform-"));
  try {
    cpSync(folder, dir, { recursive: true });
    writeFileSync(join(dir, "terraform.tfvars.json"), JSON.stringify(variables));
    const { exitCode, stdout, stderr } = runTerraform(
      dir,
      ["console"],
      `jsonencode(${expression})\n`,
    );
    if (exitCode !== 0) throw new Error(stderr);
    return JSON.parse(JSON.parse(stdout));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Without the settings of whoever runs the tests. */
function environment(): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", HOME: tmpdir() };
}
