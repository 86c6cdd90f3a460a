import { readFile } from "node:fs/promises";

import { CredentialsError } from "../../audit/run-error.ts";
import { isRegionId } from "../../audit/scope.ts";
import type { Credentials } from "../../service/credentials.ts";
import { errorCode } from "../../text/error-code.ts";
import { shownPath } from "../../text/shown-path.ts";
import {
  assumeRole,
  type AssumeOptions,
  assumeRoleWithOidc,
  type RoleRequest,
} from "./assume-role.ts";
import type { KeyContext } from "./key-context.ts";
import { requiredField, type ProfileFields, textField } from "./profile-fields.ts";

const DEFAULT_SESSION_SECONDS = 3_600;
const MIN_SESSION_SECONDS = 900;
const DEFAULT_STS_REGION = "cn-hangzhou";
const ROLE_ARN = /^acs:ram::\d{1,32}:role\/[\w./-]{1,64}$/i;
const SESSION_NAME = /^[\w.@-]{2,64}$/;

/**
 * Obtains the keys of a session of the role that the fields name, assumed with other keys.
 *
 * @throws {@link CredentialsError} when a field is invalid, or the role cannot be assumed
 */
export async function roleKeys(
  source: Credentials,
  fields: ProfileFields,
  context: KeyContext,
): Promise<Credentials> {
  const request = { ...requestOf(fields, context), externalId: textField(fields, "external_id") };
  const options = optionsOf(fields, context);
  const cacheKey = cacheKeyOf(source, fields, options);
  return context.sessions.keys(cacheKey, () => assumeRole(source, request, options));
}

/**
 * Obtains the keys of a session of the role that the fields name, assumed with the OIDC token in a
 * file.
 *
 * @throws {@link CredentialsError} when a field is invalid, or the role cannot be assumed
 */
export async function oidcKeys(
  { providerArn, tokenFile }: { readonly providerArn: string; readonly tokenFile: string },
  fields: ProfileFields,
  context: KeyContext,
): Promise<Credentials> {
  const request = requestOf(fields, context);
  const options = optionsOf(fields, context);
  const cacheKey = cacheKeyOf({ providerArn, tokenFile }, fields, options);
  return context.sessions.keys(cacheKey, async () => {
    const token = (await readToken(tokenFile)).trim();
    return assumeRoleWithOidc({ providerArn, token }, request, options);
  });
}

/** Identifies a session. Its name is not part of the key, because it changes with each run. */
function cacheKeyOf(source: object, fields: ProfileFields, { place }: AssumeOptions): string {
  return JSON.stringify([source, fields, place]);
}

async function readToken(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = errorCode(error) ?? "unknown";
    throw new CredentialsError(
      `the file with the OIDC token, ${shownPath(path)}, cannot be read (${code}).`,
    );
  }
}

function requestOf(fields: ProfileFields, { sessionName }: KeyContext): RoleRequest {
  const roleArn = requiredField(fields, "ram_role_arn");
  if (!ROLE_ARN.test(roleArn)) {
    throw new CredentialsError(
      "the role is not an ARN such as acs:ram::1234567890123456:role/auditor.",
    );
  }
  const name = textField(fields, "ram_session_name") ?? sessionName;
  if (!SESSION_NAME.test(name)) {
    throw new CredentialsError(
      "the session name is not 2 to 64 letters, digits, dots, hyphens, underscores and @.",
    );
  }
  const durationSeconds =
    Number(fields["expired_seconds"] || fields["duration_seconds"]) || DEFAULT_SESSION_SECONDS;
  if (durationSeconds < MIN_SESSION_SECONDS) {
    throw new CredentialsError(`expired_seconds is less than ${MIN_SESSION_SECONDS}.`);
  }
  return { roleArn, sessionName: name, durationSeconds, policy: textField(fields, "policy") };
}

function optionsOf(fields: ProfileFields, context: KeyContext): AssumeOptions {
  const { variables, stsEndpoint: override, userAgent, transport, clock } = context;
  const regionId =
    textField(fields, "sts_region") ?? variables.get("STS_REGION") ?? DEFAULT_STS_REGION;
  if (!isRegionId(regionId)) {
    throw new CredentialsError("sts_region is not a region id, such as cn-hangzhou.");
  }
  const inVpc = fields["enable_vpc"] === true || variables.isTrue("VPC_ENDPOINT_ENABLED");
  const chosen = textField(fields, "sts_endpoint");
  return { place: { regionId, chosen, inVpc, override }, userAgent, transport, clock };
}
