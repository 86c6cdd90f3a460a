#!/usr/bin/env node
// First: what is loaded after it finds no DEBUG.
import { ENVIRONMENT } from "../environment.ts";

import process from "node:process";

import { crash, failToLoad } from "./crash.ts";
import { EXIT_CODES } from "./exit-code.ts";

// A run that ends because nothing is left to wait for has no outcome, and must not look like a success.
process.exitCode = EXIT_CODES.COULD_NOT_RUN;
// An unhandled rejection is one too.
process.on("uncaughtException", crash);

// A file of its own: what goes wrong when it is loaded is caught here.
void import("./run.ts").then(({ run }) => run(ENVIRONMENT), failToLoad);
