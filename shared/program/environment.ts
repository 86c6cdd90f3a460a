/** Environment variables by name. An entry point reads them and passes them on. */
export type Environment = Readonly<Record<string, string | undefined>>;
