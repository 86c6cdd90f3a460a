import { readFile } from "node:fs/promises";

import { CredentialsError } from "../../audit/run-error.ts";
import { isRegionId } from "../../audit/scope.ts";
import type { Credentials } from "../../service/credentials.ts";
import { shownPath } from "../../text/shown-path.ts";
import {
  assumeRole,
  type AssumeOptions,
  assumeRoleWithOidc,
  type RoleRequest,
} from "../assume-role.ts";
import type { KeyContext } from "./key-context.ts";
import { required, type Terms, textOf } from "./terms.ts";
import { errorCode } from "../../text/error-code.ts";

const DEFAULT_SESSION_SECONDS = 3_600;
const MIN_SESSION_SECONDS = 900;
const DEFAULT_STS_REGION = "cn-hangzhou";
const ROLE_ARN = /^acs:ram::\d{1,32}:role\/[\w./-]{1,64}$/i;
const SESSION_NAME = /^[\w.@-]{2,64}$/;

/** Gives the keys of a session of the role that the terms name. */
export async function roleKeys(
  source: Credentials,
  terms: Terms,
  context: KeyContext,
): Promise<Credentials> {
  const request = { ...requestOf(terms, context), externalId: textOf(terms, "external_id") };
  const options = optionsOf(terms, context);
  const subject = subjectOf(source, terms, options);
  return context.sessions.keys(subject, () => assumeRole(source, request, options));
}

/** Gives the keys of a session of the role that the terms name, by the token in a file. */
export async function oidcKeys(
  { providerArn, tokenFile }: { readonly providerArn: string; readonly tokenFile: string },
  terms: Terms,
  context: KeyContext,
): Promise<Credentials> {
  const request = requestOf(terms, context);
  const options = optionsOf(terms, context);
  const subject = subjectOf({ providerArn, tokenFile }, terms, options);
  return context.sessions.keys(subject, async () => {
    const token = (await readToken(tokenFile)).trim();
    return assumeRoleWithOidc({ providerArn, token }, request, options);
  });
}

/** A session is the same whatever the run is that it is named after. */
function subjectOf(source: object, terms: Terms, { place }: AssumeOptions): string {
  return JSON.stringify([source, terms, place]);
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

function requestOf(terms: Terms, { sessionName }: KeyContext): RoleRequest {
  const roleArn = required(terms, "ram_role_arn");
  if (!ROLE_ARN.test(roleArn)) {
    throw new CredentialsError(
      "the role is not an ARN such as acs:ram::1234567890123456:role/auditor.",
    );
  }
  const name = textOf(terms, "ram_session_name") ?? sessionName;
  if (!SESSION_NAME.test(name)) {
    throw new CredentialsError(
      "the session name is not 2 to 64 letters, digits, dots, hyphens, underscores and @.",
    );
  }
  const durationSeconds =
    Number(terms["expired_seconds"] || terms["duration_seconds"]) || DEFAULT_SESSION_SECONDS;
  if (durationSeconds < MIN_SESSION_SECONDS) {
    throw new CredentialsError(`expired_seconds is less than ${MIN_SESSION_SECONDS}.`);
  }
  return { roleArn, sessionName: name, durationSeconds, policy: textOf(terms, "policy") };
}

function optionsOf(terms: Terms, context: KeyContext): AssumeOptions {
  const { variables, stsEndpoint: override, userAgent, transport, clock } = context;
  const regionId = textOf(terms, "sts_region") ?? variables.get("STS_REGION") ?? DEFAULT_STS_REGION;
  if (!isRegionId(regionId)) {
    throw new CredentialsError("sts_region is not a region id, such as cn-hangzhou.");
  }
  const inVpc = terms["enable_vpc"] === true || variables.isTrue("VPC_ENDPOINT_ENABLED");
  const chosen = textOf(terms, "sts_endpoint");
  return { place: { regionId, chosen, inVpc, override }, userAgent, transport, clock };
}
