/**
 * Lets attempts start, for all operations that share one peer. Waiting for it is not the operation's
 * time, since it depends on the others.
 */
export interface Gate {
  /**
   * To be called before each attempt.
   *
   * @param delayMs - milliseconds that the attempt has to wait in any case
   * @returns undefined where the attempt may start at once; else a promise of whether it may start, which
   *   is false where the time of the whole run ended first. It rejects where no attempt can succeed
   */
  enter(delayMs: number): Promise<boolean> | undefined;
  /** Milliseconds that a wait for the gate may take: what is left of the whole run. */
  remainingMs(): number;
  /** How often the attempts were slowed down so far. */
  readonly slowdowns: number;
  /**
   * An attempt was throttled.
   *
   * @param seen - {@link slowdowns} when the attempt began: where others have slowed down since, its
   *   failure says nothing of the pace that holds now
   * @param retryAfterMs - the wait that the peer requested, if any
   */
  slowDown(seen: number, retryAfterMs: number | undefined): void;
  /** An attempt succeeded. */
  succeed(): void;
}
