import { type MemberRole, roleArnOf } from "../audit/account-scope.ts";
import { CallError } from "../audit/call-error.ts";
import type { Answer, CallLimit } from "../audit/cloud.ts";
import type {
  ManagementAccount,
  MemberPage,
  Organization,
  RoleSession,
} from "../audit/organization.ts";
import { RunError } from "../audit/run-error.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Credentials } from "../service/credentials.ts";
import { resourceDirectoryEndpoint, stsEndpoint } from "../service/endpoints.ts";
import { AlibabaCloud, type AlibabaCloudOptions } from "./alibaba-cloud.ts";
import { assumeMemberRole } from "./member-role.ts";
import { getManagementAccount, listMembers } from "./resource-directory.ts";
import type { ClientTarget } from "./sdk/ask.ts";

export interface AlibabaOrganizationOptions extends Omit<AlibabaCloudOptions, "credentials"> {
  /** The keys that assume the roles; asked for each call, since a long run outlives temporary ones. */
  readonly credentials: () => Promise<Credentials>;
  readonly clock: () => Date;
}

/**
 * The other accounts of an organization on Alibaba Cloud. The keys of a session stay in its
 * {@link AlibabaCloud}.
 */
export class AlibabaOrganization implements Organization {
  readonly #options: AlibabaOrganizationOptions;

  constructor(options: AlibabaOrganizationOptions) {
    this.#options = options;
  }

  async listMembers(token: string | null, limit: CallLimit): Promise<Answer<MemberPage>> {
    return listMembers(await this.#directoryTarget(), token, limit);
  }

  async getManagementAccount(limit: CallLimit): Promise<Answer<ManagementAccount>> {
    return getManagementAccount(await this.#directoryTarget(), limit);
  }

  async assumeRole(
    role: MemberRole,
    regionId: string | null,
    limit: CallLimit,
  ): Promise<Answer<RoleSession>> {
    const { endpoints, runId, clock } = this.#options;
    const roleArn = roleArnOf(role);
    const target = await this.#target(stsEndpoint(regionId, endpoints.sts));
    const { value, exchange } = await assumeMemberRole(role, sessionNameOf(runId), target, limit);
    const { expiresAtMs, ...credentials } = value;
    // However short its life is: who uses it renews it.
    if (expiresAtMs <= clock().getTime()) {
      const message = `The session of the role ${roleArn} has already expired. Set the clock of this machine.`;
      throw new CallError("CREDENTIALS_INVALID", message, { exchange, retryable: "never" });
    }
    const { clock: _clock, ...options } = this.#options;
    return {
      value: { cloud: new AlibabaCloud({ ...options, credentials }), expiresAtMs },
      exchange,
    };
  }

  async #directoryTarget(): Promise<ClientTarget> {
    return this.#target(resourceDirectoryEndpoint(this.#options.endpoints));
  }

  /** @throws `CallError` when the keys cannot be renewed */
  async #target(endpoint: Endpoint): Promise<ClientTarget> {
    const { credentials, userAgent, transport } = this.#options;
    try {
      return { credentials: await credentials(), userAgent, transport, endpoint };
    } catch (error) {
      const detail = error instanceof RunError ? ` ${error.message}` : "";
      const message = `There are no credentials to ask ${endpoint.host} with.${detail}`;
      const exchange = { requestId: null, endpoint: endpoint.host, httpStatus: null };
      // Without a cause, which could quote an answer with keys.
      throw new CallError("CREDENTIALS_INVALID", message, { exchange, retryable: "never" });
    }
  }
}

/** What the role's account sees in ActionTrail, so that it finds the run. */
function sessionNameOf(runId: string): string {
  return `flowlog-guard-${runId.slice(0, 8).replaceAll(/[^\w.@-]/g, "-")}`;
}
