import { spawnSync } from "node:child_process";

import type { StepEnvironment } from "./inputs.ts";

/** No ID token of the job could be had. */
export class IdTokenError extends Error {
  override readonly name = "IdTokenError";
}

const MAX_SECONDS = 30;
/** A JSON Web Token: three parts in base64url. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Asks the runner for an ID token of the job. curl does it because it follows the proxy variables of
 * the runner, which Node 20 does not.
 *
 * @param audience - empty for GitHub's default
 * @throws {@link IdTokenError} with what to do; it has no part of an answer
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function requestIdToken(env: StepEnvironment, audience: string): string {
  const address = env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
  const requestToken = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
  if (address === "" || requestToken === "") {
    throw new IdTokenError(
      'role-arn needs an ID token, and this job may not ask for one: add "permissions: id-token: write" to the job. A workflow on a pull request from a fork never gets one.',
    );
  }
  const url = new URL(address);
  if (audience !== "") url.searchParams.set("audience", audience);
  // Through stdin, since every process of the machine can read arguments.
  const config = [
    `url = ${quoted(url.href)}`,
    `header = ${quoted(`Authorization: Bearer ${requestToken}`)}`,
    'header = "Accept: application/json"',
  ].join("\n");
  const flags = ["--silent", "--fail", "--retry", "3", "--max-time", String(MAX_SECONDS)];
  const { error, status, stdout } = spawnSync("curl", ["--disable", ...flags, "--config", "-"], {
    input: config,
    encoding: "utf8",
    env: { ...env },
  });
  if (error !== undefined) {
    throw new IdTokenError("curl could not be started. Install it on the runner.", {
      cause: error,
    });
  }
  if (status !== 0) {
    throw new IdTokenError(
      `GitHub gave no ID token (curl ended with exit code ${status}). Run the job again; if that does not help, check the network of the runner to ${url.hostname}.`,
    );
  }
  const token = valueOf(stdout);
  if (token === null || !TOKEN.test(token)) {
    throw new IdTokenError(
      `${url.hostname} answered without an ID token. Check whether a proxy of the runner stands between.`,
    );
  }
  return token;
}

/** The answer's token; null where there is none. */
function valueOf(answer: string): string | null {
  try {
    const value: unknown = JSON.parse(answer)?.value;
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** A value in a configuration of curl. */
function quoted(value: string): string {
  return `"${value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll(/[\r\n]/g, "")}"`;
}
