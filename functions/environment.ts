import process from "node:process";

import type { Environment } from "../shared/program/environment.ts";

/** The environment of the process, without DEBUG and NODE_TLS_REJECT_UNAUTHORIZED. */
export const ENVIRONMENT: Environment = process.env;

// Where DEBUG is set, the packages for Alibaba Cloud print what they sign and send, with key id and
// security token. They read it when they are loaded, so an entry imports this file first.
delete process.env["DEBUG"];

// Unverified, anybody on the way could answer that a region is compliant, or take an alert in.
delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
