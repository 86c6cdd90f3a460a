import type { Plugin } from "esbuild";

import type { ConfigFile } from "../shared/config/layer.ts";

/** Puts the configuration file into the function, as JSON: it needs no YAML parser. */
export function packConfig(file: ConfigFile | null): Plugin {
  return {
    name: "pack-config",
    setup(context) {
      context.onLoad({ filter: /[\\/]packed-config\.ts$/ }, () => ({
        contents: `export const PACKED_CONFIG = ${JSON.stringify(file)};`,
      }));
    },
  };
}
