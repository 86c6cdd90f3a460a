import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";

import type { Plugin } from "esbuild";

import { ConfigError, RunError } from "../shared/audit/run-error.ts";
import { readConfigFile, withoutAlerts } from "../shared/config/config-file.ts";
import { configFileOf } from "../shared/config/environment.ts";
import { type ConfigFile, problemsOfFile } from "../shared/config/layer.ts";
import { bundle, ROOT } from "./bundle.ts";
import { packConfig } from "./pack-config.ts";

/** Keeps run.ts out of the entry's bundle, so that the entry can report that run.js cannot be loaded. */
const keepRunExternal: Plugin = {
  name: "keep-run-external",
  setup(context) {
    context.onResolve({ filter: /^\.\/run\.ts$/ }, () => ({ path: "./run.js", external: true }));
  },
};

/**
 * Builds `check` and `audit` (the functions, self-contained) and `cli` (the command line) into a
 * folder.
 *
 * @param outDir - emptied first
 * @param file - the configuration to pack into the functions; null for none
 * @throws `ConfigError` when the configuration is invalid, so that the deployment fails early
 */
export async function buildAll(outDir: string, file: ConfigFile | null): Promise<void> {
  const problems = file === null ? [] : problemsOfFile(file);
  if (problems.length > 0) throw new ConfigError(problems);

  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  // The bundles are CommonJS, while the package's own type is "module".
  await writeFile(`${outDir}/package.json`, '{ "type": "commonjs" }\n');
  await Promise.all([
    bundle("functions/check/index.ts", `${outDir}/check/index.js`, packConfig(file)),
    bundle("functions/audit/index.ts", `${outDir}/audit/index.js`, packConfig(withoutAlerts(file))),
    bundle("functions/cli/index.ts", `${outDir}/cli/index.js`, {
      plugins: [keepRunExternal],
      movesOwnCode: false,
    }),
    bundle("functions/cli/run.ts", `${outDir}/cli/run.js`, {
      // Nearly all commands are loaded on first use, and a terminal has no cold start.
      movesOwnCode: false,
      // node-cron uses import.meta.url, which CommonJS does not have.
      define: { "import.meta.url": "importMetaUrl" },
      banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    }),
  ]);
  await chmod(`${outDir}/cli/index.js`, 0o755);
}

if (import.meta.url === pathToFileURL(String(process.argv[1])).href) {
  try {
    await buildAll(`${ROOT}dist`, readConfigFile(configFileOf(process.env)));
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    process.stderr.write(`build: ${error.message}\n`);
    process.exitCode = 1;
  }
}
