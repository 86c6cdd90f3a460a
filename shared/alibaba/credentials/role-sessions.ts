import type { Credentials, TemporaryCredentials } from "../../service/credentials.ts";

/** Keys are renewed when they have this many milliseconds left, or half of their life if that is less. */
const RENEW_BEFORE_MS = 15 * 60_000;
/** Keys with less than this many milliseconds left are never handed out. */
const MIN_LEFT_MS = 60_000;

interface Session {
  readonly keys: TemporaryCredentials;
  readonly renewAtMs: number;
}

/**
 * Caches temporary keys while they are valid, for a process that makes many runs. Concurrent callers
 * share one request to the service.
 */
export class RoleSessions {
  readonly #clock: () => Date;
  readonly #sessions = new Map<string, Session>();
  readonly #pending = new Map<string, Promise<Credentials>>();

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /**
   * Gives the keys of a session, and makes one where there is none, or it ends soon. Where that
   * fails, keys that are still valid are given.
   *
   * @param subject - one text for what the session is of and made with, and no other
   * @throws what `open` throws, when no valid keys are there
   */
  async keys(subject: string, open: () => Promise<TemporaryCredentials>): Promise<Credentials> {
    const session = this.#sessions.get(subject);
    if (session !== undefined && this.#now() < session.renewAtMs) return session.keys;
    const pending = this.#pending.get(subject) ?? this.#renew(subject, session, open);
    this.#pending.set(subject, pending);
    return pending;
  }

  async #renew(
    subject: string,
    before: Session | undefined,
    open: () => Promise<TemporaryCredentials>,
  ): Promise<Credentials> {
    try {
      const keys = await open();
      const nowMs = this.#now();
      const lifeMs = keys.expiresAtMs - nowMs;
      const renewAtMs = keys.expiresAtMs - Math.min(RENEW_BEFORE_MS, lifeMs / 2);
      this.#sessions.set(subject, { keys, renewAtMs });
      // The sessions of a source that is temporary itself are never asked for again.
      for (const [other, { keys: old }] of this.#sessions) {
        if (old.expiresAtMs <= nowMs) this.#sessions.delete(other);
      }
      return keys;
    } catch (error) {
      const leftMs = (before?.keys.expiresAtMs ?? 0) - this.#now();
      if (before !== undefined && leftMs >= MIN_LEFT_MS) return before.keys;
      throw error;
    } finally {
      this.#pending.delete(subject);
    }
  }

  #now(): number {
    return this.#clock().getTime();
  }
}
