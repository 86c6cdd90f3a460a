import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { buildAll } from "../../build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with what was built for this run of the tests. */
    readonly dist: string;
  }
}

/** Builds what the tests run as a user runs it, from the source as it is now. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dist = await mkdtemp(join(tmpdir(), "flowlog-guard-dist-"));
  await buildAll(dist, null);
  project.provide("dist", dist);
  return () => rm(dist, { recursive: true });
}
