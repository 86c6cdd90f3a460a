import { CredentialsError } from "../audit/run-error.ts";
import type { Evaluation } from "./evaluate-rule.ts";

/** How long a refusal by one region waits for another region to accept the same credentials. */
const REFUSAL_GRACE_MS = 3_000;

/**
 * Distinguishes invalid credentials from a region that does not accept valid ones. Invalid credentials are
 * one error for the run; where another region accepted the same credentials, the refusal is a
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
    // It may reject before it is awaited.
    this.refusal.catch(() => {});
  }

  /** The cloud accepted the credentials. */
  accept(): void {
    this.#accepted = true;
    this.release();
  }

  /** STS, which knows every key, refused the credentials: the run fails at once. */
  refuse(message: string): void {
    this.#reject(new CredentialsError(message));
  }

  /**
   * Records what a region's answer says about the credentials. An answer accepts them, whatever the
   * verdict, and so does a denial of access, since the region identified the caller. A verdict on a
   * resource rests on an answer.
   */
  observe({ status, reason: { code, message }, resource }: Evaluation): void {
    const answered = status !== "INSUFFICIENT_DATA" || resource !== undefined;
    if (answered || code === "ACCESS_DENIED") this.accept();
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

  /** Stops the timer. */
  release(): void {
    clearTimeout(this.#grace);
  }
}
