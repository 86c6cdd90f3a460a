import type { BuildOptions } from "esbuild";

import type { ConfigFile } from "../shared/config/layer.ts";

/**
 * Puts the configuration file into a function, as the value of the constant that
 * `shared/entry/function-runtime.ts` declares.
 */
export function packConfig(file: ConfigFile | null): Pick<BuildOptions, "define"> {
  return { define: { PACKED_CONFIG: JSON.stringify(file) } };
}
