import { checkCredentials } from "../alibaba/credentials/check-credentials.ts";
import { CredentialsError } from "../audit/run-error.ts";
import { newRunId } from "../run/run-id.ts";
import type { Credentials } from "../service/credentials.ts";

/**
 * The part of Function Compute's context, which a handler gets beside the event, that is used here.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/context-1-1
 */
export interface FunctionContext {
  readonly requestId: string;
  /** Credentials of the function's role; absent where it has none. */
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

/** The function's time-out where the context has none. */
const ASSUMED_TIMEOUT_SECONDS = 60;

/**
 * Fills in what a runtime other than Function Compute may leave out, so that what is missing becomes
 * an error of this program with a message of its own.
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

/** The part of a function's time that is kept for what follows the audit: the smaller of the two. */
const RESERVE_MS = 40_000;
const RESERVE_SHARE = 0.4;

/** The end of a function's time, kept to log the outcome and to return: the smaller of the two. */
const SHUTDOWN_GRACE_MS = 1_000;
const SHUTDOWN_GRACE_SHARE = 0.1;

/** Milliseconds that an invocation may use and still return before it is killed. */
export function invocationTimeMs({ function: { timeout } }: FunctionContext): number {
  const timeoutMs = timeout * 1_000;
  return timeoutMs - Math.min(SHUTDOWN_GRACE_MS, timeoutMs * SHUTDOWN_GRACE_SHARE);
}

/** Milliseconds that an audit may use and still leave time to deliver its alert. */
export function auditTimeMs({
  function: { timeout },
}: {
  readonly function: Pick<FunctionContext["function"], "timeout">;
}): number {
  const timeoutMs = timeout * 1_000;
  return timeoutMs - Math.min(RESERVE_MS, timeoutMs * RESERVE_SHARE);
}

/**
 * The credentials of the function's role for this invocation. Those in the environment may have
 * expired: they are of the instance's start.
 *
 * @throws {@link CredentialsError} when the function has no role
 */
export function credentialsOf({ credentials, function: { name } }: FunctionContext): Credentials {
  if (credentials?.accessKeyId && credentials.accessKeySecret) {
    return checkCredentials(credentials);
  }
  throw new CredentialsError(
    `The function ${name} has no role, so there are no credentials. Give it a role with the policy that flowlog-guard policy prints for its configuration.`,
  );
}
