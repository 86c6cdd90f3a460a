import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { inject } from "vitest";

/**
 * Bundles the deployment program into one file: compiling it for each test would be slower than
 * running it.
 *
 * @returns the file's path
 */
export async function bundleDeploy(): Promise<string> {
  const program = join(inject("dist"), "deploy.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("../../deploy/deploy.ts", import.meta.url))],
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
  });
  return program;
}
