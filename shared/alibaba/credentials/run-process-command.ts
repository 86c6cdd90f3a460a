import { execFile } from "node:child_process";

import { splitProcessCommand } from "@alicloud/credentials/dist/src/utils/command.js";
import * as v from "valibot";

import { CredentialsError } from "../../audit/run-error.ts";
import type { Environment } from "../../program/environment.ts";
import type { Credentials } from "../../service/credentials.ts";

/** Milliseconds. The user may have to confirm a log-in. */
const COMMAND_TIMEOUT_MS = 60_000;

const text = v.pipe(v.string(), v.nonEmpty());

const Output = v.pipe(
  v.object({
    mode: v.optional(v.picklist(["AK", "StsToken"])),
    access_key_id: text,
    access_key_secret: text,
    sts_token: v.nullish(v.string()),
  }),
  v.check(({ mode, sts_token: token }) => mode !== "StsToken" || Boolean(token)),
);

/**
 * Runs the command of a profile with mode External, and reads the keys that it prints. The keys are
 * not stored, unlike by the SDK's own provider, which writes them to the aliyun command line's file.
 *
 * @throws {@link CredentialsError} when it cannot be run, fails, or prints no keys
 * @see https://www.alibabacloud.com/help/en/cli/configure-credentials
 */
export async function runProcessCommand(command: string, env: Environment): Promise<Credentials> {
  const [file = "", ...args] = argumentsOf(command);
  const printed = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { env, timeout: COMMAND_TIMEOUT_MS, windowsHide: true },
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(new CredentialsError(`its process_command ${failureOf(error)}.`));
      },
    );
    child.stdin?.end();
  });
  const parsed = v.safeParse(Output, jsonOf(printed));
  if (!parsed.success) {
    throw new CredentialsError(
      "what its process_command printed are no keys: it must be JSON with mode AK or StsToken, access_key_id, access_key_secret and, for StsToken, sts_token.",
    );
  }
  const keys = parsed.output;
  return {
    accessKeyId: keys.access_key_id,
    accessKeySecret: keys.access_key_secret,
    securityToken: keys.sts_token || undefined,
  };
}

function argumentsOf(command: string): readonly string[] {
  try {
    return splitProcessCommand(command);
  } catch {
    throw new CredentialsError("its process_command has a quote that is not closed, or is empty.");
  }
}

/** Describes an error without its message, which quotes the command and its output. */
function failureOf({ killed, code, signal }: Pick<Error, "message"> & Failure): string {
  if (killed === true) return `did not end within ${COMMAND_TIMEOUT_MS / 1_000} s`;
  if (typeof code === "number") return `ended with exit code ${code}`;
  return `could not be run (${code ?? signal ?? "unknown"})`;
}

interface Failure {
  readonly killed?: boolean | undefined;
  readonly code?: string | number | null | undefined;
  readonly signal?: string | undefined;
}

function jsonOf(printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch {
    return null;
  }
}
