// First, because it removes DEBUG from the environment before other modules read it.
import { ENVIRONMENT } from "../environment.ts";

import process from "node:process";

import { RunError } from "../../shared/audit/run-error.ts";
import { checkHealth } from "./health/check-health.ts";
import { healthAddressFrom } from "./health/health-address.ts";

/** Shorter than the time-out of the image's HEALTHCHECK, so that the reason is logged. */
const TIMEOUT_MS = 4_000;

/** The image's health check: exits with 0, or with 1 where `watch` is unhealthy or does not answer. */
async function runHealthCheck(): Promise<void> {
  const { isHealthy, message } = await checkHealth(
    healthAddressFrom(undefined, ENVIRONMENT),
    TIMEOUT_MS,
  );
  process.stdout.write(`${message}\n`);
  process.exitCode = isHealthy ? 0 : 1;
}

process.exitCode = 1;
void runHealthCheck().catch((error: unknown) => {
  process.stdout.write(`${error instanceof RunError ? error.message : "internal error"}\n`);
});
