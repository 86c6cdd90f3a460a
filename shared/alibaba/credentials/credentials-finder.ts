import { CredentialsError } from "../../audit/run-error.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { Transport } from "../../http/transport.ts";
import type { Environment } from "../../program/environment.ts";
import type { Credentials } from "../../service/credentials.ts";
import { askProvider, ProviderError } from "./ask-provider.ts";
import { checkCredentials } from "./check-credentials.ts";
import { type Choice, chooseCredentials } from "./choose-credentials.ts";
import type { KeyContext } from "./key-context.ts";
import type { ProfileFields } from "./profile-fields.ts";
import { filesWith, readCli, readNamedFile, readShared } from "./profile-files.ts";
import { profileKeys } from "./profile-keys.ts";
import { shownName } from "./profiles.ts";
import { oidcKeys, roleKeys } from "./role-keys.ts";
import { RoleSessions } from "./role-sessions.ts";
import { instanceKeys, instanceProvider, METADATA_SERVICE, uriKeys } from "./service-keys.ts";
import { Variables } from "./variables.ts";

export interface CredentialsOptions {
  readonly env: Environment;
  /** Value of `--profile`. */
  readonly profile: string | undefined;
  /** Overrides every endpoint of STS. */
  readonly stsEndpoint: Endpoint | null;
  readonly userAgent: string;
  readonly clock: () => Date;
}

/** Allows for the metadata service's time-outs of one second, without seeming to hang. */
const METADATA_TIMEOUT_MS = 4_000;
/** Characters of the run's id in a session name: within STS's limit, and enough to identify a run. */
const RUN_ID_CHARACTERS = 8;

/**
 * Finds the credentials that the user chose, or fails. Only if nothing was chosen, the services that
 * issue credentials to the machine or container are asked.
 */
export class CredentialsFinder {
  readonly #options: CredentialsOptions;
  readonly #sessions: RoleSessions;

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#sessions = new RoleSessions(options.clock);
  }

  /**
   * Finds the current credentials. Writes nothing.
   *
   * @param runId - its first characters become part of a session's name
   * @param transport - the transport of the run
   * @throws {@link CredentialsError} that names the choice and the reason why it cannot be used. It
   *   has no cause, because the underlying errors quote files, requests and answers.
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
        return namingChoice(`The role of ${variables.nameOf("ROLE_ARN")}`, async () =>
          roleKeys(checkCredentials(keys), roleFields(roleArn, variables), context),
        );
      }
      case "oidc":
        return namingChoice(`OIDC, chosen by ${variables.nameOf("OIDC_TOKEN_FILE")},`, async () =>
          oidcKeys(choice, roleFields(choice.roleArn, variables), context),
        );
      case "credentials-file":
        return namingChoice(
          `The profile ${shownName(choice.section)} of the file that ${choice.chosenBy} names`,
          async () => profileKeys(choice.section, [await readNamedFile(choice.path)], context),
        );
      case "profile":
        return namingChoice(
          `The profile ${shownName(choice.name)}, chosen by ${choice.chosenBy},`,
          async () => profileKeys(choice.name, await filesWith(choice.name, context), context),
        );
      case "none":
        return (await currentKeys(context)) ?? keysFromMetadata(context);
    }
  }
}

/** The keys of the current profile; null if there is none. */
async function currentKeys(context: KeyContext): Promise<Credentials | null> {
  for (const read of [readCli, readShared]) {
    const file = await namingChoice("The current profile", () => read(context));
    const name = file?.current;
    if (file === null || name === undefined) continue;
    return namingChoice(`The profile ${shownName(name)}, the current one in ${file.path},`, () =>
      profileKeys(name, [file], context),
    );
  }
  return null;
}

/** The keys of a service that issues credentials to the machine or container. */
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
  if (role !== undefined) return namingChoice(roleName, async () => instanceKeys(role, context));
  if (uri !== undefined) return namingChoice(uriName, async () => uriKeys(uri, context));
  if (variables.isTrue("ECS_METADATA_DISABLED")) {
    const name = variables.nameOf("ECS_METADATA_DISABLED");
    throw nothingFoundError(variables, `${name} switches the ECS metadata service off`);
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
    // Expected outside Alibaba Cloud, and on an instance without a role.
    throw nothingFoundError(variables, message);
  }
}

function nothingFoundError(variables: Variables, metadata: string): CredentialsError {
  return new CredentialsError(
    `No credentials were found. Set ${variables.nameOf("ACCESS_KEY_ID")} and ${variables.nameOf("ACCESS_KEY_SECRET")} (with ALIBABA_CLOUD_SECURITY_TOKEN for temporary ones), or configure a profile with the aliyun command line and name it with --profile. Nothing is chosen in the environment, ~/.aliyun/config.json or ~/.alibabacloud/credentials, and ${metadata.replace(/\.$/, "")}.`,
  );
}

/** The role in the environment, as fields of a profile. */
function roleFields(roleArn: string, variables: Variables): ProfileFields {
  return { ram_role_arn: roleArn, ram_session_name: variables.get("ROLE_SESSION_NAME") };
}

/** Adds the choice to the message of an error. */
async function namingChoice<T>(label: string, keys: () => Promise<T>): Promise<T> {
  try {
    return await keys();
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw new CredentialsError(`${label} cannot be used: ${error.message}`);
  }
}
