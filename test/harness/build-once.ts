import { rmSync } from "node:fs";
import { cp, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { TestProject } from "vitest/node";

import { buildAll } from "../../scripts/build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with the build for this run of the tests, from which node_modules is found. */
    readonly dist: string;
    /** A copy of the functions without packages, as they are deployed. */
    readonly deployed: string;
  }
}

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));

/** Builds the program from the present source. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(CACHE, { recursive: true });
  const dist = await mkdtemp(join(CACHE, "flowlog-guard-dist-"));
  const deployed = await mkdtemp(join(tmpdir(), "flowlog-guard-deployed-"));
  const remove = (): void => {
    for (const folder of [dist, deployed]) rmSync(folder, { recursive: true, force: true });
  };
  // Runs also where the build fails, or the tests are interrupted.
  process.once("exit", remove);
  await buildAll(dist, null);
  for (const name of ["check", "audit"]) {
    await cp(join(dist, name), join(deployed, name), { recursive: true });
  }
  project.provide("dist", dist);
  project.provide("deployed", deployed);
  return async () => remove();
}
