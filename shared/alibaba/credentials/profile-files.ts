import { homedir } from "node:os";
import { join } from "node:path";

import { CredentialsError } from "../../audit/run-error.ts";
import { shownPath } from "../../text/shown-path.ts";
import type { KeyContext } from "./key-context.ts";
import { type ProfileFile, readCliProfiles, readSharedProfiles, shownName } from "./profiles.ts";

/** What the files of profiles depend on. */
export type ProfilePlace = Pick<KeyContext, "env" | "variables">;

function homeOf({ env }: ProfilePlace): string {
  return env["HOME"] || env["USERPROFILE"] || homedir();
}

/** The profiles of the aliyun command line; null if there are none, or they are disabled. */
export async function readCli(context: ProfilePlace): Promise<ProfileFile | null> {
  const disabled = context.variables.isTrue("CLI_PROFILE_DISABLED");
  return disabled ? null : readCliProfiles(join(homeOf(context), ".aliyun/config.json"));
}

/** The profiles of the SDKs' default credentials file; null if there is none. */
export async function readShared(context: ProfilePlace): Promise<ProfileFile | null> {
  return readSharedProfiles(join(homeOf(context), ".alibabacloud/credentials"));
}

/**
 * The files in which a profile is looked up. The aliyun command line's file has precedence.
 *
 * @throws {@link CredentialsError} when there is no file
 */
export async function filesWith(
  name: string,
  context: ProfilePlace,
): Promise<readonly ProfileFile[]> {
  const cli = await readCli(context);
  if (cli?.profiles.some((profile) => profile.name === name) === true) return [cli];
  const files = [cli, await readShared(context)].filter((file) => file !== null);
  if (files.length > 0) return files;
  const { variables } = context;
  throw new CredentialsError(
    variables.isTrue("CLI_PROFILE_DISABLED")
      ? `${variables.nameOf("CLI_PROFILE_DISABLED")} switches the profiles of the aliyun command line off.`
      : `there is no ${join(homeOf(context), ".aliyun/config.json")}. Run: aliyun configure --profile ${shownName(name)}`,
  );
}

/**
 * Reads the credentials file that the user named.
 *
 * @throws {@link CredentialsError} when it does not exist
 */
export async function readNamedFile(path: string): Promise<ProfileFile> {
  const file = await readSharedProfiles(path);
  if (file !== null) return file;
  throw new CredentialsError(
    `there is no file ${shownPath(path)}. Correct the path, or unset the variable.`,
  );
}
