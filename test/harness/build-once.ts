import { rmSync } from "node:fs";
import { cp, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { TestProject } from "vitest/node";

import { buildAll } from "../../scripts/build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with what was built for this run of the tests, in reach of node_modules. */
    readonly dist: string;
    /** The functions of it once more, where there are no packages: as they are deployed. */
    readonly deployed: string;
  }
}

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));

/** Builds what the tests run as a user runs it, from the source as it is now. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(CACHE, { recursive: true });
  const dist = await mkdtemp(join(CACHE, "flowlog-guard-dist-"));
  const deployed = await mkdtemp(join(tmpdir(), "flowlog-guard-deployed-"));
  const remove = (): void => {
    for (const folder of [dist, deployed]) rmSync(folder, { recursive: true, force: true });
  };
  // Also where the build fails, or the tests are interrupted.
  process.once("exit", remove);
  await buildAll(dist, null);
  for (const name of ["check", "audit"]) {
    await cp(join(dist, name), join(deployed, name), { recursive: true });
  }
  project.provide("dist", dist);
  project.provide("deployed", deployed);
  return async () => remove();
}
