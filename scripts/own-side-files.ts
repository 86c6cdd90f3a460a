import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build, type BuildOptions, type Plugin, type PluginBuild } from "esbuild";

import { movePackages, packageUrl } from "./package-side-files.ts";
import { SDK_PACKAGE, type SideFilePlan } from "./plan-side-files.ts";
import { FOLDER, type OnBuilt } from "./side-files.ts";

const LOADER = JSON.stringify(fileURLToPath(new URL("load-side-file.ts", import.meta.url)));

/** The parameter of a side file: the `LoadingBundle`. */
const BUNDLE = "loadingBundle";

/**
 * Moves own modules out of the bundle into files beside it, each loaded by the first `import()` of it.
 * Side files hold none of the bundle's modules: the bundle that loads one hands its own over, so that a
 * class or a setting is the same on both sides.
 *
 * @param root - the folder that the plan's paths are relative to
 * @param entry - the path of the entry
 * @param onBuilt - receives what each file beside it consists of
 */
export function ownSideFiles(
  root: string,
  entry: string,
  plan: SideFilePlan,
  onBuilt: OnBuilt,
): Plugin {
  return {
    name: "own-side-files",
    setup(context) {
      if (plan.files.size === 0) return;
      const { outfile, entryPoints: _entry, plugins: _these, ...options } = context.initialOptions;
      if (outfile === undefined) throw new Error("Side files lie beside the bundle: set outfile.");
      const load = `require(${LOADER}).loadSideFile`;
      replaceModules(context, "side-file", root, plan.files, (path) =>
        loadingScript(load, "./", path),
      );
      context.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path !== join(root, entry)) return undefined;
        return {
          contents: (await readFile(path, "utf8")) + sharingScript(root, plan),
          loader: "ts",
        };
      });
      context.onEnd(async ({ errors }) => {
        if (errors.length > 0) return;
        const folder = join(dirname(outfile), FOLDER);
        await Promise.all(
          [...plan.files].map((path) => buildSideFile(root, path, plan, folder, options, onBuilt)),
        );
      });
    },
  };
}

/** @throws `Error` when the file would hold a copy of the SDK */
async function buildSideFile(
  root: string,
  path: string,
  { files, shared }: SideFilePlan,
  folder: string,
  options: BuildOptions,
  onBuilt: OnBuilt,
): Promise<void> {
  const outfile = join(folder, outputOf(path));
  const up = `${relative(dirname(outfile), dirname(folder)).replaceAll("\\", "/")}/`;
  const replaceAll: Plugin = {
    name: "replace-all",
    setup(context) {
      const others = new Set([...files].filter((file) => file !== path));
      replaceModules(context, "side-file", root, others, (file) =>
        loadingScript(`${BUNDLE}.loadSideFile`, up, file),
      );
      replaceModules(
        context,
        "shared-module",
        root,
        shared,
        (module) => `module.exports = ${BUNDLE}.modules[${JSON.stringify(module)}];`,
      );
    },
  };
  const packages: Plugin = {
    name: "packages-on-first-use",
    setup: (context) => movePackages(context, onBuilt, { folder, from: `${up}${FOLDER}/` }),
  };
  const { metafile } = await build({
    ...options,
    entryPoints: [path],
    outfile,
    metafile: true,
    plugins: [replaceAll, packages, packageUrl],
    banner: { js: `"use strict";module.exports=function(${BUNDLE}){const module={exports:{}};` },
    footer: { js: "return module.exports};" },
  });
  onBuilt(metafile);
  for (const input of Object.keys(metafile.inputs)) {
    const [, ...packages] = input.split("node_modules/");
    if (!packages.some((name) => SDK_PACKAGE.test(name))) continue;
    throw new Error(
      `${path} would be a side file with a second copy of the SDK (${input}): let it call the SDK through a module of the bundle.`,
    );
  }
}

/** Replaces modules by scripts, wherever they are imported. */
function replaceModules(
  context: PluginBuild,
  namespace: string,
  root: string,
  modules: ReadonlySet<string>,
  scriptOf: (module: string) => string,
): void {
  context.onResolve({ filter: /^[.@]/, namespace: "file" }, ({ kind, path, resolveDir }) => {
    const module = path.startsWith(".")
      ? relative(root, resolve(resolveDir, path)).replaceAll("\\", "/")
      : path;
    return kind !== "entry-point" && modules.has(module) ? { path: module, namespace } : undefined;
  });
  context.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
    contents: scriptOf(path),
    resolveDir: root,
  }));
  context.onResolve({ filter: /^\./, namespace }, ({ path }) => ({ path, external: true }));
}

/**
 * The script that loads a side file.
 *
 * @param up - the way from the file that loads to the bundle's folder
 */
function loadingScript(load: string, up: string, path: string): string {
  return `module.exports = ${load}(require(${JSON.stringify(`${up}${FOLDER}/${outputOf(path)}`)}));`;
}

/** The end of an entry that shares modules. Of a package it shares what `require` returns. */
function sharingScript(root: string, { shared }: SideFilePlan): string {
  const own = [...shared].filter((path) => !SDK_PACKAGE.test(path));
  const packages = [...shared].filter((name) => SDK_PACKAGE.test(name));
  return [
    "",
    ...own.map(
      (path, index) => `import * as shared${index} from ${JSON.stringify(join(root, path))};`,
    ),
    `import { shareModules } from ${LOADER};`,
    "shareModules({",
    ...own.map((path, index) => `${JSON.stringify(path)}: shared${index},`),
    ...packages.map((name) => `${JSON.stringify(name)}: require(${JSON.stringify(name)}),`),
    "});",
  ].join("\n");
}

function outputOf(path: string): string {
  return path.replace(/\.ts$/, ".js");
}
