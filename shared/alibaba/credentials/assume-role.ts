import { CallError } from "../../audit/call-error.ts";
import type { CallLimit } from "../../audit/cloud.ts";
import { CredentialsError } from "../../audit/run-error.ts";
import { type Endpoint, parseEndpoint, problemOfIpv6 } from "../../http/endpoint.ts";
import type { Transport } from "../../http/transport.ts";
import { askInTurn } from "../../retry/ask-in-turn.ts";
import type { RetryPolicy } from "../../retry/retry.ts";
import { startTimeBudget } from "../../retry/time-budget.ts";
import type { Credentials, TemporaryCredentials } from "../../service/credentials.ts";
import { stsEndpoint } from "../../service/endpoints.ts";
import { explainRefusal } from "../role-refusal.ts";
import { MIN_SESSION_LIFE_MS, type RoleAction, requestRoleSession } from "../role-session.ts";

/** Milliseconds for all endpoints and attempts together. */
const ASSUME_TIMEOUT_MS = 10_000;
/** Milliseconds without an answer after which another endpoint is asked too. */
const STAGGER_MS = 3_000;
const RETRY_POLICY: Pick<RetryPolicy, "baseDelayMs" | "maxDelayMs"> = {
  baseDelayMs: 500,
  maxDelayMs: 2_000,
};
/** Their endpoints are used when that of the region fails. */
const OTHER_REGIONS = ["cn-hangzhou", "ap-southeast-1"];

/** The role to assume, and the session's settings. */
export interface RoleRequest {
  /** Such as `acs:ram::1234567890123456:role/auditor`. */
  readonly roleArn: string;
  /** 2 to 64 letters, digits, `.`, `@`, `-` and `_`. ActionTrail shows it in the role's account. */
  readonly sessionName: string;
  /** At least 900. */
  readonly durationSeconds: number;
  readonly externalId?: string | undefined;
  /** A RAM policy that restricts the session's permissions. */
  readonly policy?: string | undefined;
}

/** Determines the endpoints of STS. */
export interface StsPlace {
  readonly regionId: string;
  /** The endpoint that the user chose, which is then the only one. */
  readonly chosen?: string | undefined;
  /** Whether to use the region's endpoint inside a VPC. */
  readonly inVpc: boolean;
  /** Replaces every endpoint. */
  readonly override: Endpoint | null;
}

export interface AssumeOptions {
  readonly place: StsPlace;
  readonly userAgent: string;
  readonly transport: Transport;
  readonly clock: () => Date;
}

/**
 * Assumes a RAM role. After a transient failure the request is repeated, also at other endpoints; a
 * refusal is final.
 *
 * @throws {@link CredentialsError} when STS refuses or cannot be reached
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

/** An OIDC provider and its token, which replace access keys. */
export interface OidcIdentity {
  readonly providerArn: string;
  readonly token: string;
}

/**
 * Assumes a RAM role with the token of an OIDC provider.
 *
 * @throws {@link CredentialsError} when STS refuses or cannot be reached
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

async function assume(
  action: RoleAction,
  credentials: Credentials | undefined,
  roleArn: string,
  form: Readonly<Record<string, string | undefined>>,
  { place, userAgent, clock, transport }: AssumeOptions,
): Promise<TemporaryCredentials> {
  const role = {
    action,
    roleArn,
    externalIdOption: "external_id of the profile",
    sendsExternalId: form["ExternalId"] !== undefined,
  };
  const explain = (code: string, detail: string) => explainRefusal(role, code, detail);
  const request = { action, form, explain };
  const askOnce = async (endpoint: Endpoint, limit: CallLimit): Promise<TemporaryCredentials> => {
    const target = { credentials, userAgent, endpoint, transport };
    return (await requestRoleSession(request, target, limit)).value;
  };

  const budget = startTimeBudget(ASSUME_TIMEOUT_MS, "TIMEOUT");
  try {
    const options = { budget, staggerMs: STAGGER_MS, policy: RETRY_POLICY, isFinal: isRefusal };
    const keys = await askInTurn(endpointsOf(place), askOnce, options);
    if (keys.expiresAtMs - clock().getTime() >= MIN_SESSION_LIFE_MS) return keys;
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
    // Without a cause, because the error quotes the request.
    throw new CredentialsError(`The role ${roleArn} could not be assumed (${code}). ${message}`);
  } finally {
    budget.release();
  }
}

/** The endpoint of the region, of another region, and the global one; or only the chosen one. */
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

/** Whether every endpoint would give the same answer, unlike after a network fault or a time-out. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof CallError) || error.retryable !== "never") return false;
  return ["ACCESS_DENIED", "CREDENTIALS_INVALID", "SERVICE_ERROR"].includes(error.code);
}
