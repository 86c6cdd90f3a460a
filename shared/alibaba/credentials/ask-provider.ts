import type { CredentialsProvider } from "@alicloud/credentials";

import { AttemptError } from "../../audit/attempt-error.ts";
import { CredentialsError } from "../../audit/run-error.ts";
import { ProxyError } from "../../http/proxy-error.ts";
import { describeTlsFault } from "../../http/tls-fault.ts";
import type { Transport } from "../../http/transport.ts";
import { retry, type RetryPolicy } from "../../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../../retry/time-budget.ts";
import type { Credentials } from "../../service/credentials.ts";
import { cleanId } from "../../service/service-code.ts";
import { errorCode } from "../../text/error-code.ts";
import { ProviderExchanges, ProviderTimeoutError } from "./provider-exchanges.ts";

const RETRY_POLICY: RetryPolicy = { maxAttempts: 3, baseDelayMs: 300, maxDelayMs: 1_000 };

/** The service behind a provider, for messages, and the limits of the call. */
export interface ProviderSubject {
  /** Begins the message, for example `the ECS metadata service`. */
  readonly name: string;
  /** Ends the message: what to do. */
  readonly advice: string;
  /** Milliseconds for all attempts together. */
  readonly timeoutMs: number;
  /** Sent with each request. @default none */
  readonly body?: string;
}

/** A service did not issue credentials. Of its answer, the message contains codes only. */
export class ProviderError extends AttemptError {
  override readonly name = "ProviderError";
  /** Whether the service exists: its host resolves or accepts connections, and it did not answer 404. */
  readonly isThere: boolean;

  constructor(message: string, isThere: boolean, retryable: "never" | "always") {
    super(message, { retryable });
    this.isThere = isThere;
  }
}

/**
 * Asks a single provider of `@alicloud/credentials`, not a chain of them, and retries transient
 * failures. The provider's errors are replaced, because they quote requests and answers with keys.
 *
 * @param build - creates a provider for each attempt, because one that failed can return expired keys
 * @throws {@link ProviderError} when it returns no keys
 */
export async function askProvider(
  build: () => CredentialsProvider,
  { name, advice, timeoutMs, body }: ProviderSubject,
  transport: Transport,
): Promise<Credentials> {
  const budget = startTimeBudget(timeoutMs, "TIMEOUT");
  const askOnce = async (): Promise<Credentials> => {
    const exchanges = new ProviderExchanges(transport, budget, body);
    try {
      const keys = await exchanges.through(build()).getCredentials();
      const { accessKeyId, accessKeySecret, securityToken } = keys;
      if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret, securityToken };
      throw new ProviderError(`${name} gave no complete keys. ${advice}`, true, "never");
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const { description, isTransient } = classify(error, exchanges, budget);
      // Some networks answer 404 at any address, and so does a metadata service without a role.
      const isThere = exchanges.hostResolved && exchanges.response?.status !== 404;
      const retryable = isTransient ? "always" : "never";
      throw new ProviderError(
        `${name} ${description.replace(/\.$/, "")}. ${advice}`,
        isThere,
        retryable,
      );
    }
  };
  try {
    return await retry(askOnce, RETRY_POLICY, budget);
  } finally {
    budget.release();
  }
}

/**
 * Asks the provider that the user chose.
 *
 * @throws {@link CredentialsError} when it returns no keys
 */
export async function askChosenProvider(
  build: () => CredentialsProvider,
  subject: ProviderSubject,
  transport: Transport,
): Promise<Credentials> {
  try {
    return await askProvider(build, subject, transport);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new CredentialsError(error.message);
  }
}

interface Failure {
  /** Predicate of the sentence whose subject is the service. */
  readonly description: string;
  /** Whether another attempt may succeed. */
  readonly isTransient: boolean;
}

function classify(
  error: unknown,
  { response, host }: ProviderExchanges,
  { endedBy }: TimeBudget,
): Failure {
  const code = codeOf(error);
  if (endedBy !== null || error instanceof ProviderTimeoutError) {
    return { description: "did not answer in time (TIMEOUT)", isTransient: endedBy === null };
  }
  if (error instanceof ProxyError) {
    const isTransient = error.retryable === "always";
    return { description: `cannot be reached. ${error.message}`, isTransient };
  }
  const tlsFault = describeTlsFault(host, error);
  if (tlsFault !== null) {
    return { description: `cannot be asked: ${tlsFault}`, isTransient: false };
  }
  if (response === undefined) {
    return { description: `cannot be reached (${code ?? "no code"})`, isTransient: true };
  }
  const { status } = response;
  const detail = [`HTTP ${status}`, code].filter(Boolean).join(", ");
  if (status === 200) return { description: `gave no keys (${detail})`, isTransient: false };
  const isTransient = status >= 500 || status === 429 || code?.includes("Throttling") === true;
  return { description: `${isTransient ? "failed" : "refused"} (${detail})`, isTransient };
}

/** The system's error code, else the service's, which only the quoted answer in the message contains. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const own = cleanId(errorCode(error));
  return own ?? cleanId(/"(?:Code|ErrorCode|error)"\s*:\s*"([\w.-]+)"/.exec(error.message)?.[1]);
}
