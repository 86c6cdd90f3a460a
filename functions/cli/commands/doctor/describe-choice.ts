import {
  type Choice,
  chooseCredentials,
} from "../../../../shared/alibaba/credentials/choose-credentials.ts";
import { textField } from "../../../../shared/alibaba/credentials/profile-fields.ts";
import {
  filesWith,
  type ProfilePlace,
  readCli,
  readNamedFile,
  readShared,
} from "../../../../shared/alibaba/credentials/profile-files.ts";
import {
  PROFILE_MODES,
  type ProfileMode,
} from "../../../../shared/alibaba/credentials/profile-modes.ts";
import {
  type Profile,
  type ProfileFile,
  shownName,
} from "../../../../shared/alibaba/credentials/profiles.ts";
import { Variables } from "../../../../shared/alibaba/credentials/variables.ts";
import type { Environment } from "../../../../shared/program/environment.ts";
import { shownPath } from "../../../../shared/text/shown-path.ts";

/** Where credentials come from. */
export interface CredentialsSource {
  /** Such as `the profile audit (AK), chosen by --profile`. */
  readonly source: string;
  /** Whether a run obtains new keys where these are temporary. */
  readonly isRenewed: boolean;
  /** Milliseconds since the epoch; null where that is not known. */
  readonly expiresAtMs: number | null;
}

/** The last moment that a `Date` can be, in milliseconds. */
const LAST_MS = 8.64e15;

/** Modes with keys in the file itself, or of a log-in, that a run does not renew. */
const NOT_RENEWED: ReadonlySet<ProfileMode> = new Set(["AK", "StsToken", "CloudSSO", "OAuth"]);
/** Where a profile says when its keys or its log-in expire, in seconds since the epoch. */
const EXPIRY_FIELDS: Partial<Readonly<Record<ProfileMode, string>>> = {
  StsToken: "sts_expiration",
  CloudSSO: "cloud_sso_access_token_expire",
  OAuth: "oauth_access_token_expire",
};

/**
 * Says which credentials the user chose.
 *
 * @param profile - value of `--profile`
 * @throws `CredentialsError` as the search for the credentials does
 */
export async function describeChoice(
  profile: string | undefined,
  env: Environment,
): Promise<CredentialsSource> {
  const variables = new Variables(env);
  const context = { env, variables };
  const choice = chooseCredentials(variables, profile);
  switch (choice.kind) {
    case "keys":
      return describeKeys(choice, variables);
    case "oidc":
      return renewed(
        `OIDC (${variables.nameOf("OIDC_TOKEN_FILE")}) for the role ${choice.roleArn}`,
      );
    case "credentials-file": {
      const file = await readNamedFile(choice.path);
      const chosenBy = `of ${shownPath(choice.path)}, chosen by ${choice.chosenBy}`;
      return describeProfile(choice.section, [file], chosenBy);
    }
    case "profile": {
      const files = await filesWith(choice.name, context);
      return describeProfile(choice.name, files, `chosen by ${choice.chosenBy}`);
    }
    case "none":
      return describeCurrent(context);
  }
}

function describeKeys(
  { roleArn }: Extract<Choice, { kind: "keys" }>,
  variables: Variables,
): CredentialsSource {
  const keys = `the keys in ${variables.nameOf("ACCESS_KEY_ID")}`;
  return roleArn === undefined
    ? { source: keys, isRenewed: false, expiresAtMs: null }
    : renewed(`the role ${roleArn}, assumed with ${keys}`);
}

function renewed(source: string): CredentialsSource {
  return { source, isRenewed: true, expiresAtMs: null };
}

async function describeCurrent(context: ProfilePlace): Promise<CredentialsSource> {
  for (const read of [readCli, readShared]) {
    const file = await read(context);
    if (file?.current !== undefined) {
      return describeProfile(file.current, [file], `the current one in ${file.path}`);
    }
  }
  const { variables } = context;
  return variables.get("CREDENTIALS_URI") === undefined
    ? renewed("the ECS metadata service")
    : renewed(`the service that ${variables.nameOf("CREDENTIALS_URI")} names`);
}

function describeProfile(
  name: string,
  files: readonly ProfileFile[],
  chosenBy: string,
): CredentialsSource {
  const profile = files.flatMap(({ profiles }) => profiles).find((known) => known.name === name);
  const mode = PROFILE_MODES.find((known) => known === profile?.["mode"]);
  const isRenewed = mode !== undefined && !NOT_RENEWED.has(mode);
  const role = profile === undefined ? undefined : textField(profile, "ram_role_arn");
  const of = [mode, isRenewed ? role : undefined].filter(Boolean).join(", ");
  return {
    source: `the profile ${shownName(name)} (${of}), ${chosenBy}`,
    isRenewed,
    expiresAtMs: profile === undefined || mode === undefined ? null : expiryOf(profile, mode),
  };
}

function expiryOf(profile: Profile, mode: ProfileMode): number | null {
  const ms = Number(profile[EXPIRY_FIELDS[mode] ?? ""]) * 1_000;
  // The file may say anything, also what is no time at all.
  return ms > 0 && ms <= LAST_MS ? ms : null;
}
