import process from "node:process";

import type { Environment } from "../shared/program/environment.ts";

/** The environment of the process, but for DEBUG. */
export const ENVIRONMENT: Environment = process.env;

// The packages that ask Alibaba Cloud print what they sign and send where DEBUG is set, key id and
// security token among it. They look when they are loaded: an entry imports this file first.
delete process.env["DEBUG"];
