import type { Credentials, TemporaryCredentials } from "../../service/credentials.ts";

/** Keys are renewed when this many milliseconds of their validity are left, or half of it if less. */
const RENEW_BEFORE_MS = 15 * 60_000;
/** Keys with fewer milliseconds of validity left are not returned. */
const MIN_LEFT_MS = 60_000;

interface Session {
  readonly keys: TemporaryCredentials;
  readonly renewAtMs: number;
}

/**
 * Caches temporary keys while they are valid, for a process with many runs. Concurrent callers share
 * one request to the service.
 */
export class RoleSessions {
  readonly #clock: () => Date;
  readonly #sessions = new Map<string, Session>();
  readonly #pending = new Map<string, Promise<Credentials>>();

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /**
   * Returns the keys of a session. Opens a new session if there is none or it expires soon; if that
   * fails, returns the existing keys while they are valid.
   *
   * @param cacheKey - identifies the session
   * @param open - opens a session
   * @throws the error of `open` when there are no valid keys
   */
  async keys(cacheKey: string, open: () => Promise<TemporaryCredentials>): Promise<Credentials> {
    const session = this.#sessions.get(cacheKey);
    if (session !== undefined && this.#now() < session.renewAtMs) return session.keys;
    const pending = this.#pending.get(cacheKey) ?? this.#renew(cacheKey, session, open);
    this.#pending.set(cacheKey, pending);
    return pending;
  }

  async #renew(
    cacheKey: string,
    previous: Session | undefined,
    open: () => Promise<TemporaryCredentials>,
  ): Promise<Credentials> {
    try {
      const keys = await open();
      const nowMs = this.#now();
      const lifeMs = keys.expiresAtMs - nowMs;
      const renewAtMs = keys.expiresAtMs - Math.min(RENEW_BEFORE_MS, lifeMs / 2);
      this.#sessions.set(cacheKey, { keys, renewAtMs });
      // Removes expired sessions: those opened with temporary keys are never requested again.
      for (const [other, { keys: old }] of this.#sessions) {
        if (old.expiresAtMs <= nowMs) this.#sessions.delete(other);
      }
      return keys;
    } catch (error) {
      const leftMs = (previous?.keys.expiresAtMs ?? 0) - this.#now();
      if (previous !== undefined && leftMs >= MIN_LEFT_MS) return previous.keys;
      throw error;
    } finally {
      this.#pending.delete(cacheKey);
    }
  }

  #now(): number {
    return this.#clock().getTime();
  }
}
