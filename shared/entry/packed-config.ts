import type { ConfigFile } from "../config/layer.ts";

/** The build puts what the configuration file says in the place of this null. */
export const PACKED_CONFIG: ConfigFile | null = null;
