import { fileURLToPath } from "node:url";

import type { PluginBuild } from "esbuild";

const NAMESPACE = "package-url";
const PARSE_URL = fileURLToPath(new URL("parse-url.ts", import.meta.url));

/**
 * Replaces `url.parse` in packages with {@link parseUrl}. Since version 24, Node prints a deprecation
 * warning when code outside a folder `node_modules`, such as a bundle, calls it.
 *
 * @see https://nodejs.org/api/deprecations.html#DEP0169
 */
export function replaceUrlParse(context: PluginBuild): void {
  context.onResolve({ filter: /^(?:node:)?url$/ }, ({ kind, importer }) =>
    kind === "require-call" && /[\\/]node_modules[\\/]/.test(importer)
      ? { path: "url", namespace: NAMESPACE }
      : undefined,
  );
  context.onLoad({ filter: /.*/, namespace: NAMESPACE }, () => ({
    contents: `
      const { parseUrl } = require(${JSON.stringify(PARSE_URL)});
      module.exports = { ...require("node:url"), parse: parseUrl };
    `,
    resolveDir: fileURLToPath(new URL(".", import.meta.url)),
  }));
}
