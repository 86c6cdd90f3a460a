/** Environment variables by name, as an entry point read them. */
export type Environment = Readonly<Record<string, string | undefined>>;
