import { readFile } from "node:fs/promises";

import * as v from "valibot";

import { CredentialsError } from "../../audit/run-error.ts";
import { errorCode } from "../../text/error-code.ts";
import { isName } from "../../text/is-name.ts";

/** A profile as written. The meaning of its fields depends on its mode. */
export type Profile = Readonly<Record<string, unknown>> & { readonly name: string };

/** The profiles of a file. */
export interface ProfileFile {
  readonly path: string;
  /** The profile to use when none is named. */
  readonly current: string | undefined;
  readonly profiles: readonly Profile[];
}

const CliConfig = v.object({
  current: v.nullish(v.string()),
  profiles: v.nullish(v.array(v.looseObject({ name: v.string() })), []),
});

const BYTE_ORDER_MARK = "\uFEFF";
const DEFAULT_PROFILE = "default";

/**
 * Reads the configuration of the aliyun command line, `~/.aliyun/config.json`.
 *
 * @returns null if the file does not exist
 * @throws {@link CredentialsError} when it cannot be read, or does not have the command line's format
 * @see https://www.alibabacloud.com/help/en/cli/configure-credentials
 */
export async function readCliProfiles(path: string): Promise<ProfileFile | null> {
  const text = await readText(path);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CredentialsError(`${path} is not JSON${await lineOfFault(text)}. Correct it.`);
  }
  const parsed = v.safeParse(CliConfig, value);
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? "the file";
    throw new CredentialsError(
      `${path} is not the configuration of the aliyun command line: ${field} is missing or of the wrong type. Correct it.`,
    );
  }
  const { current, profiles } = parsed.output;
  const hasDefault = profiles.some(({ name }) => name === DEFAULT_PROFILE);
  // Like the command line, uses the profile of this name if the file names none.
  return { path, current: current || (hasDefault ? DEFAULT_PROFILE : undefined), profiles };
}

/**
 * Reads a credentials file of Alibaba Cloud's SDKs, by default `~/.alibabacloud/credentials`: each
 * section is a profile.
 *
 * @returns null if the file does not exist
 * @throws {@link CredentialsError} when it cannot be read
 * @see https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials
 */
export async function readSharedProfiles(path: string): Promise<ProfileFile | null> {
  const text = await readText(path);
  if (text === null) return null;
  const sections: Section[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\s*\[(.+)\]\s*$/.exec(line) ?? [];
    if (section !== undefined) sections.push({ name: section.trim() });
    const [, field, value = ""] = /^\s*([A-Za-z]\w*)\s*=(.*)$/.exec(line) ?? [];
    const profile = sections.at(-1);
    if (profile !== undefined && field !== undefined && field !== "name") {
      profile[field] = value.trim().replace(/^"(.*)"$/, "$1");
    }
  }
  const profiles = sections.map(cliProfileOf);
  const hasDefault = profiles.some(({ name }) => name === DEFAULT_PROFILE);
  return { path, current: hasDefault ? DEFAULT_PROFILE : undefined, profiles };
}

interface Section {
  name: string;
  type?: string;
  [field: string]: string | undefined;
}

/** The modes of the aliyun command line by their names in the SDKs' file. */
const MODE_OF_TYPE: Readonly<Record<string, string>> = {
  access_key: "AK",
  sts: "StsToken",
  ecs_ram_role: "EcsRamRole",
  ram_role_arn: "RamRoleArn",
  oidc_role_arn: "OIDC",
};

/** Converts a section to a profile with the field names of the aliyun command line. */
function cliProfileOf(section: Section): Profile {
  const { type = "" } = section;
  return {
    ...section,
    mode: Object.hasOwn(MODE_OF_TYPE, type) ? MODE_OF_TYPE[type] : type,
    sts_token: section["security_token"],
    ram_role_arn: section["role_arn"],
    ram_role_name: section["role_name"],
    ram_session_name: section["role_session_name"],
    oidc_token_file: section["oidc_token_file_path"],
  };
}

/** The names of all profiles, for a message. */
export function namesOf(files: readonly ProfileFile[]): string {
  const names = files.flatMap(({ profiles }) => profiles.map(({ name }) => shownName(name)));
  return names.length === 0 ? "none" : names.join(", ");
}

/** A name for a message. A key in the place of a name is not shown. */
export function shownName(name: string): string {
  return isName(name) ? name : "(name not shown)";
}

async function readText(path: string): Promise<string | null> {
  try {
    const text = await readFile(path, "utf8");
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
  } catch (error) {
    const code = errorCode(error) ?? "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new CredentialsError(`${path} cannot be read (${code}).`);
  }
}

/**
 * The line of a syntax error. The message of JSON.parse is not used, because it quotes the file. The
 * YAML parser finds most errors in JSON too.
 */
async function lineOfFault(text: string): Promise<string> {
  const { parseDocument } = await import("yaml");
  const [first] = parseDocument(text, { schema: "json" }).errors;
  const line = first?.linePos?.[0].line;
  return line === undefined ? "" : `, see line ${line}`;
}
