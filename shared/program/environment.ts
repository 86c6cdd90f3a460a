/**
 * Environment variables by name. An entry point reads them and passes them on: nothing in `shared/`
 * reads `process.env`, so tests and other entries can pass variables of their own.
 *
 * A variable that is not set is `undefined`. Each reader decides whether an empty one counts as set.
 */
export type Environment = Readonly<Record<string, string | undefined>>;
