import type { Plugin } from "esbuild";

import type { ConfigFile } from "../shared/config/layer.ts";

/** Embeds the configuration file in a bundle as JSON, so that the function needs no YAML parser. */
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
