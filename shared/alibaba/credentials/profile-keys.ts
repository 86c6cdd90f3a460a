import { CredentialsError } from "../../audit/run-error.ts";
import type { Credentials } from "../../service/credentials.ts";
import { checkCredentials } from "./check-credentials.ts";
import type { KeyContext } from "./key-context.ts";
import { cloudSsoKeys, oauthKeys } from "./log-in-keys.ts";
import { requiredField, textField } from "./profile-fields.ts";
import { PROFILE_MODES, type ProfileMode } from "./profile-modes.ts";
import { namesOf, type Profile, type ProfileFile, shownName } from "./profiles.ts";
import { oidcKeys, roleKeys } from "./role-keys.ts";
import { runProcessCommand } from "./run-process-command.ts";
import { instanceKeys, uriKeys } from "./service-keys.ts";

/**
 * Obtains the keys of a profile of any mode.
 *
 * @param files - the files to look it up in, in order
 * @throws {@link CredentialsError} when there is no such profile, or its keys cannot be obtained
 */
export async function profileKeys(
  name: string,
  files: readonly ProfileFile[],
  context: KeyContext,
): Promise<Credentials> {
  return keysOf({ name, files, context, chain: [] });
}

interface Search {
  readonly name: string;
  readonly files: readonly ProfileFile[];
  readonly context: KeyContext;
  /** The profiles whose `source_profile` led to this one. */
  readonly chain: readonly string[];
}

async function keysOf({ name, files, context, chain }: Search): Promise<Credentials> {
  const profile = files.flatMap(({ profiles }) => profiles).find((known) => known.name === name);
  if (profile === undefined) {
    const paths = files.map(({ path }) => path).join(" or ");
    throw new CredentialsError(
      `there is no such profile in ${paths}. Those there are: ${namesOf(files)}.`,
    );
  }
  if (chain.includes(name)) {
    const circle = [...chain, name].map(shownName).join(" -> ");
    throw new CredentialsError(`its source_profile leads back to itself: ${circle}.`);
  }
  const mode = textField(profile, "mode") ?? "";
  const known = PROFILE_MODES.find((name) => name === mode);
  if (known === undefined) {
    throw new CredentialsError(
      `its mode ${mode === "" ? "is missing" : `${shownName(mode)} is not known`}. Those known are ${PROFILE_MODES.join(", ")}.`,
    );
  }
  const sourceOf = async (source: string): Promise<Credentials> => {
    try {
      return await keysOf({ name: source, files, context, chain: [...chain, name] });
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      const shown = shownName(source);
      throw new CredentialsError(`its source_profile ${shown} cannot be used: ${error.message}`);
    }
  };
  return checkCredentials(await KEYS_BY_MODE[known](profile, context, sourceOf));
}

type KeysOfProfile = (
  profile: Profile,
  context: KeyContext,
  sourceOf: (name: string) => Promise<Credentials>,
) => Promise<Credentials>;

const KEYS_BY_MODE: Readonly<Record<ProfileMode, KeysOfProfile>> = {
  AK: async (profile) => staticKeys(profile),
  StsToken: async (profile) => ({
    ...staticKeys(profile),
    securityToken: requiredField(profile, "sts_token"),
  }),
  RamRoleArn: async (profile, context) => {
    const source = { ...staticKeys(profile), securityToken: textField(profile, "sts_token") };
    return roleKeys(source, profile, context);
  },
  ChainableRamRoleArn: async (profile, context, sourceOf) =>
    roleKeys(await sourceOf(requiredField(profile, "source_profile")), profile, context),
  RamRoleArnWithEcs: async (profile, context) =>
    roleKeys(await instanceKeys(textField(profile, "ram_role_name"), context), profile, context),
  EcsRamRole: async (profile, context) =>
    instanceKeys(textField(profile, "ram_role_name"), context),
  OIDC: async (profile, context) =>
    oidcKeys(
      {
        providerArn: requiredField(profile, "oidc_provider_arn"),
        tokenFile: requiredField(profile, "oidc_token_file"),
      },
      profile,
      context,
    ),
  CloudSSO: cloudSsoKeys,
  OAuth: oauthKeys,
  External: async (profile, { env }) =>
    runProcessCommand(requiredField(profile, "process_command"), env),
  CredentialsURI: async (profile, context) =>
    uriKeys(requiredField(profile, "credentials_uri"), context),
};

function staticKeys(profile: Profile): Credentials {
  return {
    accessKeyId: requiredField(profile, "access_key_id"),
    accessKeySecret: requiredField(profile, "access_key_secret"),
  };
}
