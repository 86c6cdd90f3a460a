import type { MemberRole } from "../../audit/account-scope.ts";
import { CallError } from "../../audit/call-error.ts";
import type { Answer, CallLimit, Cloud } from "../../audit/cloud.ts";
import type { RoleSession } from "../../audit/organization.ts";

/** A session is renewed when this many milliseconds of it are left, or half of it if that is less. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** Milliseconds until a session is renewed that has expired by this machine's clock, which may be wrong. */
const DISTRUSTED_LIFE_MS = 5 * 60_000;

/** Assumes a role. @throws `UnreadableError` when it cannot be assumed */
export type AssumeRole = (role: MemberRole) => Promise<RoleSession>;

interface LiveSession {
  readonly cloud: Cloud;
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * The session of a role in one account, for as long as the account is audited: all its regions share it,
 * and it is renewed before it expires. Where it cannot be, the account cannot be read from then on.
 */
export class MemberSession {
  /** The account as the session sees it. */
  readonly cloud: Cloud;
  readonly #role: MemberRole;
  readonly #assumeRole: AssumeRole;
  readonly #clock: () => Date;
  #live: LiveSession | undefined;
  #opening: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** Whether the live session replaces one that the service called expired, and has not been accepted yet. */
  #isReplacement = false;

  constructor(role: MemberRole, assumeRole: AssumeRole, clock: () => Date) {
    this.#role = role;
    this.#assumeRole = assumeRole;
    this.#clock = clock;
    this.cloud = cloudOf((call) => this.#ask(call));
  }

  /**
   * To be called before each call of {@link cloud}.
   *
   * @returns undefined where the session is good; else a promise that it is, which rejects with an
   *   `UnreadableError` where the role cannot be assumed
   */
  refresh(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#live !== undefined && this.#nowMs() < this.#live.renewAtMs) return undefined;
    return (this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    }));
  }

  async #open(): Promise<void> {
    try {
      const { cloud, expiresAtMs } = await this.#assumeRole(this.#role);
      const nowMs = this.#nowMs();
      const lifeMs = expiresAtMs - nowMs;
      const renewAtMs =
        lifeMs > 0
          ? expiresAtMs - Math.min(RENEW_BEFORE_MS, lifeMs / 2)
          : nowMs + DISTRUSTED_LIFE_MS;
      this.#live = { cloud, renewAtMs, expiresAtMs };
    } catch (error) {
      const live = this.#live;
      const nowMs = this.#nowMs();
      if (live === undefined || nowMs >= live.expiresAtMs) {
        this.#failure = { error };
        throw error;
      }
      // The session is good for a while yet: it is not renewed again before half of that is over.
      this.#live = { ...live, renewAtMs: nowMs + (live.expiresAtMs - nowMs) / 2 };
    }
  }

  async #ask<T>(call: (cloud: Cloud) => Promise<Answer<T>>): Promise<Answer<T>> {
    // Another call may have found it expired since this one was let through.
    if (this.#live === undefined) await this.refresh();
    const live = this.#live;
    if (live === undefined) throw new Error("internal error: there is no session of the role");
    try {
      const answer = await call(live.cloud);
      this.#isReplacement = false;
      return answer;
    } catch (error) {
      if (!(error instanceof CallError) || !this.#isExpired(live, error)) throw error;
      return this.#replace(live, error);
    }
  }

  /** @throws {@link CallError} that asks for another attempt, with another session */
  #replace(live: LiveSession, error: CallError): never {
    if (this.#live === live) {
      this.#live = undefined;
      this.#isReplacement = true;
    }
    throw error.with({ retryable: "always" });
  }

  /** Whether another session would be accepted. */
  #isExpired(live: LiveSession, { code, serviceCode }: CallError): boolean {
    if (code !== "CREDENTIALS_INVALID") return false;
    if (this.#live !== live) return true;
    const isOver = serviceCode?.includes("Expired") === true || this.#nowMs() >= live.expiresAtMs;
    return isOver && !this.#isReplacement;
  }

  #nowMs(): number {
    return this.#clock().getTime();
  }
}

/** A cloud whose calls all go the same way. */
function cloudOf(
  ask: <T>(call: (cloud: Cloud) => Promise<Answer<T>>) => Promise<Answer<T>>,
): Cloud {
  return {
    isFlowLogServiceActivated: (regionId: string, limit: CallLimit) =>
      ask((cloud) => cloud.isFlowLogServiceActivated(regionId, limit)),
    listRegions: (limit) => ask((cloud) => cloud.listRegions(limit)),
    listVpcs: (regionId, page, limit) => ask((cloud) => cloud.listVpcs(regionId, page, limit)),
    listFlowLogs: (regionId, page, limit) =>
      ask((cloud) => cloud.listFlowLogs(regionId, page, limit)),
    listNetworkInterfaces: (regionId, token, limit) =>
      ask((cloud) => cloud.listNetworkInterfaces(regionId, token, limit)),
    getLogStore: (regionId, project, logStore, limit) =>
      ask((cloud) => cloud.getLogStore(regionId, project, logStore, limit)),
    identifyCaller: (regionId, limit) => ask((cloud) => cloud.identifyCaller(regionId, limit)),
  };
}
