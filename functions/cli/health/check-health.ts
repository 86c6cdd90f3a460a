import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

import { errorCode } from "../../../shared/text/error-code.ts";
import { formatHealthAddress, HEALTH_PATH, type HealthAddress } from "./health-address.ts";

/** The outcome of a health check. */
export interface HealthCheck {
  readonly isHealthy: boolean;
  /** One line, for the log of the container engine. */
  readonly message: string;
}

/** The addresses at which a server that listens everywhere is reached. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);

/**
 * Asks the `watch` in this container whether it is healthy. Where nothing listens, the container runs
 * another command, such as one audit: `watch` would not have started without listening.
 *
 * @param address - null where health checks are off
 * @param timeoutMs - milliseconds for the answer
 */
export async function checkHealth(
  address: HealthAddress | null,
  timeoutMs: number,
): Promise<HealthCheck> {
  if (address === null) return { isHealthy: true, message: "health checks are off" };
  const host = LOOPBACK.get(address.host) ?? address.host;
  const url = `http://${formatHealthAddress({ ...address, host })}${HEALTH_PATH}`;
  try {
    const response = await request(url, AbortSignal.timeout(timeoutMs));
    return { isHealthy: response.statusCode === 200, message: (await text(response)).trim() };
  } catch (error) {
    const code = errorCode(error) ?? "unknown error";
    if (code === "ECONNREFUSED") {
      return { isHealthy: true, message: `nothing listens at ${url}: no watch runs here` };
    }
    return { isHealthy: false, message: `${url} did not answer (${code})` };
  }
}

async function request(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, signal }, resolve).on("error", reject);
  });
}
