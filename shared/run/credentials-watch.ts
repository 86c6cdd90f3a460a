import type { Reason } from "../audit/finding.ts";
import { CredentialsError } from "../audit/run-error.ts";

/** How long one region's refusal may wait for another region to accept the same credentials. */
const REFUSAL_GRACE_MS = 3_000;

/**
 * Tells credentials that are refused from one region that does not take them. Refused ones are one
 * error for the run; but where another region accepted the same credentials, the refusal is a
 * finding of the region that made it.
 */
export class CredentialsWatch {
  /** Rejects with a {@link CredentialsError} as soon as the credentials count as refused. */
  readonly refusal: Promise<never>;
  #reject!: (error: CredentialsError) => void;
  #accepted = false;
  #refused: string | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor() {
    this.refusal = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    // Nobody may be waiting yet when it rejects.
    this.refusal.catch(() => {});
  }

  /** The cloud took the credentials for somebody's. */
  accept(): void {
    this.#accepted = true;
    this.release();
  }

  /** The service that knows every key refused these: there is nothing to wait for. */
  refuse(message: string): void {
    this.#reject(new CredentialsError(message));
  }

  /** Takes note of what a region's answer says about the credentials. */
  observe({ code, message }: Reason): void {
    if (code === "ACTIVATED" || code === "NOT_ACTIVATED" || code === "ACCESS_DENIED") this.accept();
    if (code !== "CREDENTIALS_INVALID" || this.#accepted) return;
    this.#refused ??= message;
    this.#grace ??= setTimeout(() => this.refuse(message), REFUSAL_GRACE_MS);
  }

  /**
   * To be called when every region has answered.
   *
   * @throws {@link CredentialsError} when a region refused the credentials and none accepted them
   */
  assertNotRefused(): void {
    if (this.#refused !== undefined && !this.#accepted) throw new CredentialsError(this.#refused);
  }

  /** Lets go of the timer. */
  release(): void {
    clearTimeout(this.#grace);
  }
}
