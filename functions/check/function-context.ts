import type { Credentials } from "../../shared/alibaba/credentials.ts";
import { CredentialsError } from "../../shared/audit/run-error.ts";

/**
 * What Function Compute tells a handler beside the event, as far as it is used here.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/context-1
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
  readonly region: string;
  readonly accountId: string;
}

/** How much of a function's time is kept for what follows the audit: the smaller of the two. */
const RESERVE_MS = 30_000;
const RESERVE_SHARE = 0.4;

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
    const { accessKeyId, accessKeySecret, securityToken } = credentials;
    return { accessKeyId, accessKeySecret, securityToken };
  }
  throw new CredentialsError(
    `The function ${name} has no role, so there are no credentials. Give it one that may call vpc:GetFlowLogServiceStatus.`,
  );
}
