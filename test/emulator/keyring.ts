import type { KeySeed } from "./world.ts";

/** The keys of the emulated cloud: configured ones, and those that STS issued. */
export class Keyring {
  readonly #configured: readonly KeySeed[];
  readonly #issued = new Map<string, { readonly key: KeySeed; readonly expiresAtMs: number }>();

  constructor(configured: readonly KeySeed[]) {
    this.#configured = configured;
  }

  /** Makes a key valid until a time, in milliseconds since the epoch. */
  issue(key: KeySeed, expiresAtMs: number): void {
    this.#issued.set(key.accessKeyId, { key, expiresAtMs });
  }

  /** The key of an id, also an expired one. */
  find(accessKeyId: string): KeySeed | undefined {
    return (
      this.#issued.get(accessKeyId)?.key ??
      this.#configured.find((key) => key.accessKeyId === accessKeyId)
    );
  }

  isExpired(accessKeyId: string): boolean {
    const { expiresAtMs = Infinity } = this.#issued.get(accessKeyId) ?? {};
    return expiresAtMs <= Date.now();
  }
}
