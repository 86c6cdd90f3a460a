import type { Pace } from "../../retry/pace.ts";
import type { AccountGate } from "../../retry/region-gate.ts";
import type { MemberSession } from "./member-session.ts";

/** The gate of an account's calls: its pace, and then a session that has not expired. */
export class MemberGate implements AccountGate {
  readonly #pace: Pace;
  readonly #session: MemberSession;

  constructor(pace: Pace, session: MemberSession) {
    this.#pace = pace;
    this.#session = session;
  }

  get slowdowns(): number {
    return this.#pace.slowdowns;
  }

  enter(): Promise<boolean> | undefined {
    const turn = this.#pace.enter();
    if (turn !== undefined) return this.#enterAfter(turn);
    return this.#session.refresh()?.then(() => true);
  }

  slowDown(seen: number, retryAfterMs: number | undefined): void {
    this.#pace.slowDown(seen, retryAfterMs);
  }

  succeed(): void {
    this.#pace.succeed();
  }

  async #enterAfter(turn: Promise<boolean>): Promise<boolean> {
    const mayStart = await turn;
    if (mayStart) await this.#session.refresh();
    return mayStart;
  }
}
