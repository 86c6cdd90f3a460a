import type { Exchange } from "../../../../shared/audit/finding.ts";

/** What a check found, best first; `skipped` was not made, and says nothing. */
export type CheckStatus = "ok" | "warning" | "problem" | "skipped";

/** What a check found. Its texts contain no secret. */
export interface Outcome {
  readonly status: CheckStatus;
  /** For programs, such as `ACCESS_DENIED`; null where nothing is wrong. */
  readonly code: string | null;
  /** For people, one paragraph. */
  readonly detail: string;
  /** Several things that were found, a line each. @default none */
  readonly lines?: readonly string[];
  /** What to do: a command or a setting. @default nothing */
  readonly fix?: string | undefined;
  /** The last exchange with the cloud. @default none */
  readonly exchange?: Exchange;
  /**
   * Whether checks that need this one can be made. @default unless it is a problem, or was skipped
   */
  readonly goesOn?: boolean;
}

/** A check that was made, or skipped. */
export interface CheckResult extends Outcome {
  /** Stable, for programs. */
  readonly id: string;
  readonly title: string;
  /** Milliseconds. */
  readonly durationMs: number;
  /** The title of the check because of which this one was not made. @default it was made */
  readonly becauseOf?: string;
}

type More = Partial<Omit<Outcome, "status" | "code" | "detail">>;

/** Nothing is wrong. */
export function ok(detail: string, more: More = {}): Outcome {
  return { status: "ok", code: null, detail, ...more };
}

/** Works, and is probably not what is meant. */
export function warning(code: string, detail: string, more: More = {}): Outcome {
  return { status: "warning", code, detail, ...more };
}

/** Something is wrong. */
export function problem(code: string, detail: string, more: More = {}): Outcome {
  return { status: "problem", code, detail, ...more };
}

/** Could not be tried. */
export function skipped(code: string, detail: string, more: More = {}): Outcome {
  return { status: "skipped", code, detail, ...more };
}

/** Whether checks that need this one can be made. */
export function goesOn({ status, goesOn: own }: Outcome): boolean {
  return own ?? (status === "ok" || status === "warning");
}
