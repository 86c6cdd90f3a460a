const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a value holds a `${NAME}` that is only known when the program runs. */
export function hasPlaceholder(value: unknown): boolean {
  return typeof value === "string" && value.search(PLACEHOLDER) !== -1;
}

/**
 * Replaces every `${NAME}` in a tree of values from the environment.
 *
 * @param onUnset - told the path and the name of each variable that is not set, or empty
 */
export function fillPlaceholders(
  value: unknown,
  env: Environment,
  onUnset: (path: readonly (string | number)[], name: string) => void,
  path: readonly (string | number)[] = [],
): unknown {
  if (typeof value === "string") {
    return value.replaceAll(PLACEHOLDER, (_placeholder, name: string) => {
      const text = env[name] ?? "";
      if (text === "") onUnset(path, name);
      return text;
    });
  }
  if (Array.isArray(value)) {
    return value.map((entry, index) => fillPlaceholders(entry, env, onUnset, [...path, index]));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        fillPlaceholders(entry, env, onUnset, [...path, key]),
      ]),
    );
  }
  return value;
}
