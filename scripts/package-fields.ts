import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Plugin } from "esbuild";

/**
 * Reduces the project's own package.json, which names the program, to its name and version. Scripts
 * and development packages would be parsed at every cold start.
 *
 * @param root - the project's folder
 */
export function packageFields(root: string): Plugin {
  const path = join(root, "package.json");
  return {
    name: "package-fields",
    setup(context) {
      context.onLoad({ filter: /[\\/]package\.json$/ }, async (args) => {
        if (args.path !== path) return undefined;
        const { name, version } = JSON.parse(await readFile(path, "utf8"));
        return { contents: JSON.stringify({ name, version }), loader: "json" };
      });
    },
  };
}
