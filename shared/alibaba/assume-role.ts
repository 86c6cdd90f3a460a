import { $OpenApiUtil } from "@alicloud/openapi-core";
import * as v from "valibot";

import { askInTurn } from "../retry/ask-in-turn.ts";
import { CallError } from "../audit/call-error.ts";
import type { CallLimit } from "../audit/cloud.ts";
import { CredentialsError } from "../audit/run-error.ts";
import type { Credentials, TemporaryCredentials } from "../service/credentials.ts";
import { type Endpoint, parseEndpoint, problemOfIpv6 } from "../http/endpoint.ts";
import { stsEndpoint } from "../service/endpoints.ts";
import type { Transport } from "../http/transport.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import { ask } from "./ask.ts";

/** Milliseconds for a role, over all endpoints and attempts. */
const ASSUME_TIMEOUT_MS = 10_000;
/** Milliseconds of silence after which another endpoint is asked as well. */
const STAGGER_MS = 3_000;
const RETRY_POLICY: Pick<RetryPolicy, "baseDelayMs" | "maxDelayMs"> = {
  baseDelayMs: 500,
  maxDelayMs: 2_000,
};
/** Keys that end within this many milliseconds are of no use. */
const MIN_LIFE_MS = 60_000;
/** Asked where the region's own endpoint fails. */
const OTHER_REGIONS = ["cn-hangzhou", "ap-southeast-1"];

const printable = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));

/** Of AssumeRole and AssumeRoleWithOIDC. */
const AssumedRole = v.object({
  RequestId: v.optional(v.string()),
  Credentials: v.object({
    AccessKeyId: printable,
    AccessKeySecret: printable,
    SecurityToken: printable,
    Expiration: v.pipe(v.string(), v.isoTimestamp()),
  }),
});

/** The role to assume, and on what terms. */
export interface RoleRequest {
  /** Such as `acs:ram::1234567890123456:role/auditor`. */
  readonly roleArn: string;
  /** 2 to 32 letters, digits, `.`, `@`, `-` and `_`; what ActionTrail shows in the role's account. */
  readonly sessionName: string;
  /** From 900. */
  readonly durationSeconds: number;
  readonly externalId?: string | undefined;
  /** A RAM policy that narrows what the session may do. */
  readonly policy?: string | undefined;
}

/** Which endpoint of STS is asked. */
export interface StsPlace {
  readonly regionId: string;
  /** An endpoint that the user chose; no other is asked then. */
  readonly chosen?: string | undefined;
  /** Whether it is asked inside a VPC. */
  readonly inVpc: boolean;
  /** Stands in for every endpoint. */
  readonly override: Endpoint | null;
}

export interface AssumeOptions {
  readonly place: StsPlace;
  readonly userAgent: string;
  readonly transport: Transport;
  readonly clock: () => Date;
}

/**
 * Assumes a RAM role. Made anew where the failure may pass, also at another endpoint; refused
 * once where it is refused.
 *
 * @throws {@link CredentialsError} when it is refused, or STS cannot be asked
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeRole(
  source: Credentials,
  { externalId, policy, ...role }: RoleRequest,
  options: AssumeOptions,
): Promise<TemporaryCredentials> {
  const form = { ...formOf(role), ExternalId: externalId, Policy: policy };
  return assume("AssumeRole", source, role.roleArn, form, options);
}

/** The token of an OIDC provider, which stands in for keys. */
export interface OidcIdentity {
  readonly providerArn: string;
  readonly token: string;
}

/**
 * Assumes a RAM role with the token of an OIDC provider.
 *
 * @throws {@link CredentialsError} when it is refused, or STS cannot be asked
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export async function assumeRoleWithOidc(
  { providerArn, token }: OidcIdentity,
  role: Omit<RoleRequest, "externalId">,
  options: AssumeOptions,
): Promise<TemporaryCredentials> {
  const { policy } = role;
  const form = {
    ...formOf(role),
    OIDCProviderArn: providerArn,
    OIDCToken: token,
    Policy: policy,
  };
  return assume("AssumeRoleWithOIDC", undefined, role.roleArn, form, options);
}

function formOf({ roleArn, sessionName, durationSeconds }: RoleRequest) {
  return {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    DurationSeconds: String(durationSeconds),
  };
}

type StsAction = "AssumeRole" | "AssumeRoleWithOIDC";

async function assume(
  action: StsAction,
  credentials: Credentials | undefined,
  roleArn: string,
  form: Readonly<Record<string, string | undefined>>,
  { place, userAgent, clock, transport }: AssumeOptions,
): Promise<TemporaryCredentials> {
  const subject = {
    action: `sts:${action}`,
    explain: (code: string, told: string) => explainRefusal(action, roleArn, code, told),
  };
  const params = new $OpenApiUtil.Params({
    action,
    version: "2015-04-01",
    protocol: "HTTPS",
    pathname: "/",
    method: "POST",
    authType: credentials === undefined ? "Anonymous" : "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  // As a form and not as a query: a failed request's address may stand in an error.
  const body = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
  const askOnce = async (endpoint: Endpoint, limit: CallLimit): Promise<TemporaryCredentials> => {
    const { value } = await ask(
      subject,
      { credentials, userAgent, endpoint, transport },
      AssumedRole,
      (client, runtime) =>
        client.callApi(params, new $OpenApiUtil.OpenApiRequest({ body }), runtime),
      limit,
    );
    const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = value.Credentials;
    return {
      accessKeyId: AccessKeyId,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
      expiresAtMs: Date.parse(Expiration),
    };
  };

  const budget = startTimeBudget(ASSUME_TIMEOUT_MS, "TIMEOUT");
  try {
    const options = { budget, staggerMs: STAGGER_MS, policy: RETRY_POLICY, isFinal: isRefusal };
    const keys = await askInTurn(endpointsOf(place), askOnce, options);
    if (keys.expiresAtMs - clock().getTime() >= MIN_LIFE_MS) return keys;
    throw new CredentialsError(
      `The session of the role ${roleArn} has already expired. Set the clock of this machine.`,
    );
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { code, message } =
      error.hostResolved === false
        ? {
            code: "UNREACHABLE",
            message: "No host of STS is known. Look at the network and its DNS.",
          }
        : error;
    // Without its cause: that one quotes the request.
    throw new CredentialsError(`The role ${roleArn} could not be assumed (${code}). ${message}`);
  } finally {
    budget.release();
  }
}

/** The region's endpoint, another one's, the global one; or the one that was chosen. */
function endpointsOf({ regionId, chosen, inVpc, override }: StsPlace): readonly Endpoint[] {
  if (override === null && chosen !== undefined) {
    const endpoint = parseEndpoint(chosen);
    if (endpoint !== null) return [endpoint];
    const problem = problemOfIpv6(chosen) ?? "is not a host, such as sts.cn-hangzhou.aliyuncs.com";
    throw new CredentialsError(`sts_endpoint ${problem}.`);
  }
  if (override === null && inVpc) {
    return [{ host: `sts-vpc.${regionId}.aliyuncs.com`, protocol: "HTTPS" }];
  }
  const other = OTHER_REGIONS.find((known) => known !== regionId) ?? null;
  return [regionId, other, null].map((place) => ({ ...stsEndpoint(place, override) }));
}

/** What every endpoint would answer: only silence and faults on the way are worth another try. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof CallError) || error.retryable !== "never") return false;
  return ["ACCESS_DENIED", "CREDENTIALS_INVALID", "SERVICE_ERROR"].includes(error.code);
}

function explainRefusal(
  action: StsAction,
  roleArn: string,
  code: string,
  told: string,
): string | null {
  if (code.includes("Throttling")) {
    return `STS throttled it ${told}, for everybody in the account that asks. Run it again later.`;
  }
  if (code === "EntityNotExist.Role") {
    return `There is no such role ${told}. Correct its ARN.`;
  }
  if (action === "AssumeRoleWithOIDC") {
    return `STS refused it ${told}. Check that the OIDC token has not expired, that its provider exists in the role's account, and that the role's trust policy names the provider.`;
  }
  if (/^(NoPermission|Forbidden|Forbbiden)(\.|$)/.test(code)) {
    return `STS refused it ${told}, which has three causes: the identity that assumes the role lacks sts:AssumeRole on ${roleArn}; or the role's trust policy does not name that identity, or asks for another external id (external_id of the profile); or the keys are an account's own (root), which can assume no role.`;
  }
  return null;
}
