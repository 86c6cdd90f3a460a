import { checkCredentials } from "../alibaba/credentials/check-credentials.ts";
import type { Credentials } from "../service/credentials.ts";
import { newRunId } from "../run/run-id.ts";
import { CredentialsError } from "../audit/run-error.ts";

/**
 * What Function Compute tells a handler beside the event, as far as it is used here.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/context-1-1
 */
export interface FunctionContext {
  readonly requestId: string;
  /** The role's; absent where the function has none. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string | undefined;
  };
  readonly function: {
    readonly name: string;
    /** Seconds. */
    readonly timeout: number;
  };
  /** Null where it is not known. */
  readonly region: string | null;
  /** Empty where it is not known. */
  readonly accountId: string;
}

/** Assumed of a runtime that does not say how long the function may run. */
const ASSUMED_TIMEOUT_SECONDS = 60;
/**
 * Fills in what a runtime that is not quite Function Compute may leave out, so that it is this
 * program that says what is wrong.
 */
export function readContext(context: Partial<FunctionContext> | undefined): FunctionContext {
  const timeout = Number(context?.function?.timeout);
  return {
    requestId: context?.requestId ?? newRunId(),
    ...(context?.credentials && { credentials: context.credentials }),
    function: {
      name: context?.function?.name ?? "of an unknown name",
      timeout: timeout > 0 ? timeout : ASSUMED_TIMEOUT_SECONDS,
    },
    region: context?.region || null,
    accountId: context?.accountId ?? "",
  };
}

/** How much of a function's time is kept for what follows the audit: the smaller of the two. */
const RESERVE_MS = 40_000;
const RESERVE_SHARE = 0.4;

/** The last of a function's time, in which it says what became of it: the smaller of the two. */
const SHUTDOWN_GRACE_MS = 1_000;
const SHUTDOWN_GRACE_SHARE = 0.1;

/** Milliseconds that an invocation may take and still return before it is killed. */
export function invocationTimeMs({ function: { timeout } }: FunctionContext): number {
  const timeoutMs = timeout * 1_000;
  return timeoutMs - Math.min(SHUTDOWN_GRACE_MS, timeoutMs * SHUTDOWN_GRACE_SHARE);
}

/** Milliseconds that an audit may take, so that its alert can still be delivered. */
export function auditTimeMs({ function: { timeout } }: FunctionContext): number {
  const timeoutMs = timeout * 1_000;
  return timeoutMs - Math.min(RESERVE_MS, timeoutMs * RESERVE_SHARE);
}

/**
 * The credentials of the function's role, of this invocation: an instance can outlive those in its
 * environment.
 *
 * @throws {@link CredentialsError} when the function has no role
 */
export function credentialsOf({ credentials, function: { name } }: FunctionContext): Credentials {
  if (credentials?.accessKeyId && credentials.accessKeySecret) {
    return checkCredentials(credentials);
  }
  throw new CredentialsError(
    `The function ${name} has no role, so there are no credentials. Give it one that may call vpc:GetFlowLogServiceStatus.`,
  );
}
