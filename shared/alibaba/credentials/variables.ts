import { CredentialsError } from "../../audit/run-error.ts";
import type { Environment } from "../../program/environment.ts";

/** The equivalent prefixes of the variables of Alibaba Cloud's tools. */
const PREFIXES = ["ALIBABA_CLOUD_", "ALIBABACLOUD_"] as const;

/** The environment variables of Alibaba Cloud's tools, with either prefix. */
export class Variables {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * The value of a variable; undefined if it is not set, or empty.
   *
   * @param name - without its prefix, such as `PROFILE`
   * @throws {@link CredentialsError} when both spellings are set to different values
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

  /** Whether the value of a variable is `true`, in any case. */
  isTrue(name: string): boolean {
    return this.get(name)?.toLowerCase() === "true";
  }

  /** A variable's name for a message: in the spelling in which it is set, else as documented. */
  nameOf(name: string): string {
    const [documented, other] = PREFIXES.map((prefix) => `${prefix}${name}`);
    return this.#env[String(documented)] || !this.#env[String(other)]
      ? String(documented)
      : String(other);
  }
}
