import type { ScopedAccount } from "../../audit/account-scope.ts";
import type { OpenAccount } from "./open-account.ts";

/** Open accounts whose regions have not all begun. */
const MAX_READY = 32;
/** Accounts that are being opened: with room for those whose role takes until it times out. */
const MAX_OPENING = 64;

/** A region to read. */
export interface RegionTask {
  readonly open: OpenAccount;
  readonly regionId: string;
}

interface ReadyAccount {
  readonly open: OpenAccount;
  /** How many of its regions have begun. */
  begun: number;
}

/**
 * Gives out the regions of many accounts one by one, to as many as ask for them. Accounts are opened
 * ahead, a bounded number of them, and those that are ready first come first: an account that takes long
 * to open delays no other.
 */
export class RegionQueue {
  readonly #accounts: Iterator<ScopedAccount>;
  readonly #open: (account: ScopedAccount) => Promise<OpenAccount | null>;
  readonly #ready: ReadyAccount[] = [];
  #opening = 0;
  #isExhausted = false;
  #error: { readonly error: unknown } | undefined;
  #waiting: (() => void)[] = [];

  /** @param open - returns null where the account cannot be opened; it must not reject otherwise */
  constructor(
    accounts: Iterable<ScopedAccount>,
    open: (account: ScopedAccount) => Promise<OpenAccount | null>,
  ) {
    this.#accounts = accounts[Symbol.iterator]();
    this.#open = open;
  }

  /**
   * The next region; null when all have begun.
   *
   * @throws what `open` throws
   */
  async next(): Promise<RegionTask | null> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error.error;
      this.#openAhead();
      const task = this.#take();
      const isOver = this.#isExhausted && this.#opening === 0 && this.#ready.length === 0;
      // Each that goes on wakes the next one, which may find something too.
      if (task !== null || isOver) this.wake();
      if (task !== null || isOver) return task;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** To be called when an account that was congested is no longer. */
  wake(): void {
    this.#waiting.pop()?.();
  }

  #openAhead(): void {
    while (!this.#isExhausted && this.#opening < MAX_OPENING && this.#ready.length < MAX_READY) {
      const next = this.#accounts.next();
      if (next.done === true) {
        this.#isExhausted = true;
        return;
      }
      this.#opening += 1;
      void this.#openOne(next.value);
    }
  }

  async #openOne(account: ScopedAccount): Promise<void> {
    try {
      const open = await this.#open(account);
      if (open !== null) this.#ready.push({ open, begun: 0 });
    } catch (error) {
      this.#error ??= { error };
    } finally {
      this.#opening -= 1;
      this.wake();
    }
  }

  #take(): RegionTask | null {
    const index = this.#ready.findIndex(({ open }) => !open.isCongested());
    const ready = this.#ready[index];
    if (ready === undefined) return null;
    const { open } = ready;
    const regionId = open.account.regionIds[ready.begun];
    if (regionId === undefined) throw new Error("internal error: an account has no regions");
    ready.begun += 1;
    if (ready.begun === open.account.regionIds.length) this.#ready.splice(index, 1);
    return { open, regionId };
  }
}
