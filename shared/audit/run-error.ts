/**
 * A run that failed: the command line exits 3, a handler throws. The message is for the person who has
 * to act, and contains no secret.
 */
export abstract class RunError extends Error {
  /** What had been done before it failed, for the run's line in the log. */
  readonly done: Readonly<Record<string, unknown>>;

  constructor(message: string, { done = {}, ...options }: RunErrorOptions = {}) {
    super(message, options);
    this.done = done;
  }
}

export interface RunErrorOptions extends ErrorOptions {
  readonly done?: Readonly<Record<string, unknown>>;
}

/** The configuration, an event or a flag is wrong; `problems` has every problem found. */
export class ConfigError extends RunError {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(
      problems.length === 1
        ? String(problems[0])
        : `${problems.length} problems:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
      options,
    );
    this.problems = problems;
  }
}

/** There are no credentials, or the cloud refuses them. */
export class CredentialsError extends RunError {
  override readonly name = "CredentialsError";
}

/** The regions to audit could not be resolved, so no report would be complete. */
export class ScopeError extends RunError {
  override readonly name = "ScopeError";
  /** `"NO_MATCH"`: the selectors match no region. `"NO_LIST"`: the regions cannot be listed. */
  readonly code: "NO_MATCH" | "NO_LIST";

  constructor(code: "NO_MATCH" | "NO_LIST", message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Nothing in scope could be read. */
export class NothingReadError extends RunError {
  override readonly name = "NothingReadError";
}

/** An alert was due, and no receiver confirmed it. */
export class AlertError extends RunError {
  override readonly name = "AlertError";
}

/** The report could not be written where it was asked for. */
export class OutputError extends RunError {
  override readonly name = "OutputError";
}

/** Cloud Config was not told everything that its event asked for. */
export class EvaluationError extends RunError {
  override readonly name = "EvaluationError";
  /** `"INCOMPLETE"`: a part could not be read. `"NOT_SENT"`: Cloud Config has not taken the results. */
  readonly code: "INCOMPLETE" | "NOT_SENT";

  constructor(code: "INCOMPLETE" | "NOT_SENT", message: string, options?: RunErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Why a deployed function gave no report.
 *
 * - `NOT_FOUND`: there is no such function.
 * - `REFUSED`: the caller may not invoke it, or its credentials or its account are refused.
 * - `BUSY`: Function Compute throttles, or has no instance left.
 * - `TIMEOUT`: it did not answer in time, and may still be running.
 * - `NO_ANSWER`: the connection was lost, or a gateway answered; it may still be running.
 * - `FAILED`: anything else.
 */
export type RemoteErrorCode = "NOT_FOUND" | "REFUSED" | "BUSY" | "TIMEOUT" | "NO_ANSWER" | "FAILED";

/** The deployed audit function could not be invoked, or gave no report. */
export class RemoteError extends RunError {
  override readonly name = "RemoteError";
  readonly code: RemoteErrorCode;

  /** @param options - `code` is `FAILED` by default */
  constructor(
    message: string,
    { code = "FAILED", ...options }: RunErrorOptions & { readonly code?: RemoteErrorCode } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}

/** The evidence of a run could not be kept, or what was kept cannot be read. */
export class EvidenceError extends RunError {
  override readonly name = "EvidenceError";
}

/** The state cannot be used: earlier notifications are not known. */
export class StateError extends RunError {
  override readonly name = "StateError";
  /** `"BUSY"`: another run has locked it. `"UNAVAILABLE"`: it cannot be read or written. */
  readonly code: "BUSY" | "UNAVAILABLE";

  constructor(code: "BUSY" | "UNAVAILABLE", message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
