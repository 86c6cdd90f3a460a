import { CredentialsError } from "../../audit/run-error.ts";
import type { Environment } from "../../program/environment.ts";

/** How Alibaba Cloud's tools spell the beginning of their variables; they mean the same. */
const PREFIXES = ["ALIBABA_CLOUD_", "ALIBABACLOUD_"] as const;

/** The variables of Alibaba Cloud's tools, whichever way they are spelled. */
export class Variables {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * What a variable says; undefined where it is not set, or empty.
   *
   * @param name - without its prefix, such as `PROFILE`
   * @throws {@link CredentialsError} when both spellings are set, and not to the same
   */
  get(name: string): string | undefined {
    const set = PREFIXES.map((prefix) => `${prefix}${name}`).filter((full) => this.#env[full]);
    const [first, second] = set.map((full) => this.#env[full]);
    if (second !== undefined && first !== second) {
      throw new CredentialsError(
        `${set.join(" and ")} are both set, and differ: they mean the same, so unset one.`,
      );
    }
    return first;
  }

  /** Whether a variable says `true`. */
  isTrue(name: string): boolean {
    return this.get(name)?.toLowerCase() === "true";
  }

  /** A variable's name for a message: as it is spelled where it is set, else as it is documented. */
  nameOf(name: string): string {
    const [documented, other] = PREFIXES.map((prefix) => `${prefix}${name}`);
    return this.#env[String(documented)] || !this.#env[String(other)]
      ? String(documented)
      : String(other);
  }
}
