import { homedir } from "node:os";
import { join } from "node:path";

import { CredentialsError } from "../audit/run-error.ts";
import type { Credentials } from "../service/credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Environment } from "../program/environment.ts";
import type { Transport } from "../http/transport.ts";
import { shownPath } from "../text/shown-path.ts";
import { checkCredentials } from "./check-credentials.ts";
import { askProvider, ProviderError } from "./credentials/ask-provider.ts";
import { type Choice, chooseCredentials } from "./credentials/choose-credentials.ts";
import type { KeyContext } from "./credentials/key-context.ts";
import { profileKeys } from "./credentials/profile-keys.ts";
import { oidcKeys, roleKeys } from "./credentials/role-keys.ts";
import {
  instanceKeys,
  instanceProvider,
  METADATA_SERVICE,
  uriKeys,
} from "./credentials/service-keys.ts";
import {
  type ProfileFile,
  readCliProfiles,
  readSharedProfiles,
  shownName,
} from "./credentials/profiles.ts";
import { RoleSessions } from "./credentials/role-sessions.ts";
import type { Terms } from "./credentials/terms.ts";
import { Variables } from "./credentials/variables.ts";

export interface CredentialsOptions {
  readonly env: Environment;
  /** What `--profile` says. */
  readonly profile: string | undefined;
  /** Stands in for every endpoint of STS. */
  readonly stsEndpoint: Endpoint | null;
  readonly userAgent: string;
  readonly clock: () => Date;
}

/** Enough for the metadata service's time-outs of a second, and too short to seem to hang. */
const METADATA_TIMEOUT_MS = 4_000;
/** Of the run's id, as much as stays within what STS takes, and tells runs apart. */
const RUN_ID_CHARACTERS = 8;

/**
 * Finds the credentials that the user chose, or fails. Only where nothing was chosen, the services
 * are asked that issue credentials to the machine or container.
 */
export class CredentialsFinder {
  readonly #options: CredentialsOptions;
  readonly #sessions: RoleSessions;

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#sessions = new RoleSessions(options.clock);
  }

  /**
   * Looks for the credentials as they are now. Nothing is written anywhere.
   *
   * @param runId - its first characters become part of the name of a session
   * @param transport - the run's
   * @throws {@link CredentialsError} that names the choice, and why it cannot be used. It has no
   * cause: what lies below quotes files, requests and answers.
   */
  async find(runId: string, transport: Transport): Promise<Credentials> {
    const { env, profile, stsEndpoint, userAgent, clock } = this.#options;
    const variables = new Variables(env);
    const choice = chooseCredentials(variables, profile);
    const context: KeyContext = {
      env,
      variables,
      sessions: this.#sessions,
      sessionName: `flowlog-guard-${runId.slice(0, RUN_ID_CHARACTERS)}`,
      stsEndpoint,
      userAgent,
      transport,
      clock,
    };
    return checkCredentials(await this.#keysOf(choice, context));
  }

  async #keysOf(choice: Choice, context: KeyContext): Promise<Credentials> {
    const { variables } = context;
    switch (choice.kind) {
      case "keys": {
        const { keys, roleArn } = choice;
        if (roleArn === undefined) return keys;
        return named(`The role of ${variables.nameOf("ROLE_ARN")}`, async () =>
          roleKeys(checkCredentials(keys), roleTerms(roleArn, variables), context),
        );
      }
      case "oidc":
        return named(`OIDC, chosen by ${variables.nameOf("OIDC_TOKEN_FILE")},`, async () =>
          oidcKeys(choice, roleTerms(choice.roleArn, variables), context),
        );
      case "credentials-file":
        return named(
          `The profile ${shownName(choice.section)} of the file that ${choice.chosenBy} names`,
          async () => profileKeys(choice.section, [await existing(choice.path)], context),
        );
      case "profile":
        return named(
          `The profile ${shownName(choice.name)}, chosen by ${choice.chosenBy},`,
          async () => profileKeys(choice.name, await filesWith(choice.name, context), context),
        );
      case "none":
        return (await currentKeys(context)) ?? keysFromMetadata(context);
    }
  }
}

function homeOf({ env }: KeyContext): string {
  return env["HOME"] || env["USERPROFILE"] || homedir();
}

async function readCli(context: KeyContext): Promise<ProfileFile | null> {
  const disabled = context.variables.isTrue("CLI_PROFILE_DISABLED");
  return disabled ? null : readCliProfiles(join(homeOf(context), ".aliyun/config.json"));
}

async function readShared(context: KeyContext): Promise<ProfileFile | null> {
  return readSharedProfiles(join(homeOf(context), ".alibabacloud/credentials"));
}

/** The files in which a profile is looked for: the aliyun command line's counts first. */
async function filesWith(name: string, context: KeyContext): Promise<readonly ProfileFile[]> {
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

/** The keys of the profile that is the current one; null where none is. */
async function currentKeys(context: KeyContext): Promise<Credentials | null> {
  for (const read of [readCli, readShared]) {
    const file = await named("The current profile", () => read(context));
    const name = file?.current;
    if (file === null || name === undefined) continue;
    return named(`The profile ${shownName(name)}, the current one in ${file.path},`, () =>
      profileKeys(name, [file], context),
    );
  }
  return null;
}

/** Nothing is chosen: asks the services that issue credentials to the machine or container. */
async function keysFromMetadata(context: KeyContext): Promise<Credentials> {
  const { variables } = context;
  const [role, uri] = [variables.get("ECS_METADATA"), variables.get("CREDENTIALS_URI")];
  const [roleName, uriName] = [
    variables.nameOf("ECS_METADATA"),
    variables.nameOf("CREDENTIALS_URI"),
  ];
  if (role !== undefined && uri !== undefined) {
    throw new CredentialsError(
      `${roleName} and ${uriName} are both set, and which of the two is meant cannot be told. Unset one.`,
    );
  }
  if (role !== undefined) return named(roleName, async () => instanceKeys(role, context));
  if (uri !== undefined) return named(uriName, async () => uriKeys(uri, context));
  if (variables.isTrue("ECS_METADATA_DISABLED")) {
    const name = variables.nameOf("ECS_METADATA_DISABLED");
    throw nothingFound(variables, `${name} switches the ECS metadata service off`);
  }
  try {
    return await askProvider(
      instanceProvider(undefined, variables),
      {
        name: METADATA_SERVICE,
        advice: "Attach a RAM role to the instance, or choose other credentials.",
        timeoutMs: METADATA_TIMEOUT_MS,
      },
      context.transport,
    );
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { isThere, message } = error;
    if (isThere) throw new CredentialsError(`No credentials were chosen, and ${message}`);
    // Expected outside of Alibaba Cloud, and where the instance has no role.
    throw nothingFound(variables, message);
  }
}

function nothingFound(variables: Variables, metadata: string): CredentialsError {
  return new CredentialsError(
    `No credentials were found. Set ${variables.nameOf("ACCESS_KEY_ID")} and ${variables.nameOf("ACCESS_KEY_SECRET")} (with ALIBABA_CLOUD_SECURITY_TOKEN for temporary ones), or configure a profile with the aliyun command line and name it with --profile. Nothing is chosen in the environment, ~/.aliyun/config.json or ~/.alibabacloud/credentials, and ${metadata.replace(/\.$/, "")}.`,
  );
}

/** What the environment says of a role, by the names of a profile's fields. */
function roleTerms(roleArn: string, variables: Variables): Terms {
  return { ram_role_arn: roleArn, ram_session_name: variables.get("ROLE_SESSION_NAME") };
}

async function existing(path: string): Promise<ProfileFile> {
  const file = await readSharedProfiles(path);
  if (file !== null) return file;
  throw new CredentialsError(
    `there is no file ${shownPath(path)}. Correct the path, or unset the variable.`,
  );
}

/** Puts the choice before what is wrong with it. */
async function named<T>(label: string, keys: () => Promise<T>): Promise<T> {
  try {
    return await keys();
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw new CredentialsError(`${label} cannot be used: ${error.message}`);
  }
}
