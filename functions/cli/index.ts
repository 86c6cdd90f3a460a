#!/usr/bin/env node
// First, because it removes DEBUG from the environment before other modules read it.
import { ENVIRONMENT } from "../environment.ts";

import process from "node:process";

import { crash, failToLoad } from "./crash.ts";
import { EXIT_CODES } from "./exit-code.ts";

// If the event loop empties before the run has an outcome, the exit code must not be 0.
process.exitCode = EXIT_CODES.COULD_NOT_RUN;
// Includes unhandled rejections.
process.on("uncaughtException", crash);

// Imported dynamically, so that an error while it is loaded is caught here.
void import("./run.ts").then(({ run }) => run(ENVIRONMENT), failToLoad);
