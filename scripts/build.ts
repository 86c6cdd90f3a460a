import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";

import type { Plugin } from "esbuild";

import { ConfigError, RunError } from "../shared/audit/run-error.ts";
import { readConfigFile, withoutAlerts } from "../shared/config/config-file.ts";
import { configFileOf } from "../shared/config/environment.ts";
import { configJsonSchema } from "../shared/config/json-schema.ts";
import { type ConfigFile, problemsOfFile } from "../shared/config/layer.ts";
import { bundle, type OwnOptions, ROOT } from "./bundle.ts";
import {
  type BundledPackage,
  packageFoldersOf,
  readPackages,
} from "./licenses/bundled-packages.ts";
import { LICENSES_FILE, renderLicenses } from "./licenses/third-party-licenses.ts";
import { packConfig } from "./pack-config.ts";

/** Keeps run.ts out of the entry's bundle, so that the entry can report that run.js cannot be loaded. */
const keepRunExternal: Plugin = {
  name: "keep-run-external",
  setup(context) {
    context.onResolve({ filter: /^\.\/run\.ts$/ }, () => ({ path: "./run.js", external: true }));
  },
};

/** The packages that each part of a build holds code of. */
export type BuiltPackages = Readonly<Record<"check" | "audit" | "cli", readonly BundledPackage[]>>;

/**
 * Builds `check` and `audit` (the functions, self-contained) and `cli` (the command line) into a
 * folder, and beside them the JSON schema of the configuration file.
 *
 * @param outDir - emptied first
 * @param file - the configuration to pack into the functions; null for none
 * @throws `ConfigError` when the configuration is invalid, so that the deployment fails early
 * @throws `LicenseError` when a bundled package has no licence text, or one that is not expected
 */
export async function buildAll(outDir: string, file: ConfigFile | null): Promise<BuiltPackages> {
  const problems = file === null ? [] : problemsOfFile(file);
  if (problems.length > 0) throw new ConfigError(problems);

  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  // The bundles are CommonJS, while the package's own type is "module".
  await writeFile(`${outDir}/package.json`, '{ "type": "commonjs" }\n');
  const [check, audit, ...cli] = await Promise.all([
    bundleFrom("functions/check/index.ts", `${outDir}/check/index.js`, packConfig(file)),
    bundleFrom(
      "functions/audit/index.ts",
      `${outDir}/audit/index.js`,
      packConfig(withoutAlerts(file)),
    ),
    bundleFrom("functions/cli/index.ts", `${outDir}/cli/index.js`, {
      plugins: [keepRunExternal],
      movesOwnCode: false,
    }),
    bundleFrom("functions/cli/healthcheck.ts", `${outDir}/cli/healthcheck.js`, {
      movesOwnCode: false,
    }),
    bundleFrom("functions/cli/run.ts", `${outDir}/cli/run.js`, {
      // Nearly all commands are loaded on first use, and a terminal has no cold start.
      movesOwnCode: false,
      // node-cron uses import.meta.url, which CommonJS does not have.
      define: { "import.meta.url": "importMetaUrl" },
      banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    }),
  ]);
  await chmod(`${outDir}/cli/index.js`, 0o755);
  const packages = {
    check: await readPackages(ROOT, check),
    audit: await readPackages(ROOT, audit),
    cli: await readPackages(ROOT, new Set(cli.flatMap((folders) => [...folders]))),
  };
  await writeFile(`${outDir}/schema.json`, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  await writeFile(`${outDir}/cli/${LICENSES_FILE}`, renderLicenses(packages.cli));
  return packages;
}

/** Bundles an entry, and lists the folders of the packages that are in it. */
async function bundleFrom(
  entryPoint: string,
  outfile: string,
  options: OwnOptions,
): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  await bundle(entryPoint, outfile, {
    ...options,
    onBuilt: (metafile) => {
      for (const folder of packageFoldersOf(metafile)) folders.add(folder);
    },
  });
  return folders;
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
