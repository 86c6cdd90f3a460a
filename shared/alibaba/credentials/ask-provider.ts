import type { CredentialsProvider } from "@alicloud/credentials";

import { AttemptError } from "../../audit/attempt-error.ts";
import { CredentialsError } from "../../audit/run-error.ts";
import type { Credentials } from "../../service/credentials.ts";
import { describeTlsFault } from "../../http/tls-fault.ts";
import { ProxyError } from "../../http/proxy-error.ts";
import type { Transport } from "../../http/transport.ts";
import { retry, type RetryPolicy } from "../../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../../retry/time-budget.ts";
import { ProviderExchanges, ProviderTimeoutError } from "./provider-exchanges.ts";
import { cleanId } from "../../service/service-code.ts";
import { errorCode } from "../../text/error-code.ts";

const RETRY_POLICY: RetryPolicy = { maxAttempts: 3, baseDelayMs: 300, maxDelayMs: 1_000 };

/** The service that a provider asks, for messages. */
export interface ProviderSubject {
  /** Begins the message, for example `the ECS metadata service`. */
  readonly name: string;
  /** Ends it: what to do. */
  readonly advice: string;
  /** Milliseconds for all attempts. */
  readonly timeoutMs: number;
  /** Sent with each request. @default none */
  readonly body?: string;
}

/** A service that issues credentials issued none. The message holds codes only. */
export class ProviderError extends AttemptError {
  override readonly name = "ProviderError";
  /** Whether such a service exists there: it accepted a connection, and did not answer 404. */
  readonly isThere: boolean;

  constructor(message: string, isThere: boolean, retryable: "never" | "always") {
    super(message, { retryable });
    this.isThere = isThere;
  }
}

/**
 * Asks one provider of `@alicloud/credentials`, and no chain of them; again where the failure may
 * pass. Its own errors are not passed on: they quote requests and answers, keys included.
 *
 * @param build - a new provider for each attempt: one that has failed may hand out expired keys
 * @throws {@link ProviderError} when it gives no keys
 */
export async function askProvider(
  build: () => CredentialsProvider,
  { name, advice, timeoutMs, body }: ProviderSubject,
  transport: Transport,
): Promise<Credentials> {
  const budget = startTimeBudget(timeoutMs, "TIMEOUT");
  const askOnce = async (): Promise<Credentials> => {
    const seen = new ProviderExchanges(transport, budget, body);
    try {
      const keys = await seen.through(build()).getCredentials();
      const { accessKeyId, accessKeySecret, securityToken } = keys;
      if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret, securityToken };
      throw new ProviderError(`${name} gave no complete keys. ${advice}`, true, "never");
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const { failure, passes } = judge(error, seen, budget);
      // Some networks answer 404 for any address; a metadata service without a role does too.
      const isThere = seen.hostResolved && seen.response?.status !== 404;
      const retryable = passes ? "always" : "never";
      throw new ProviderError(
        `${name} ${failure.replace(/\.$/, "")}. ${advice}`,
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
 * Asks a provider that the user chose.
 *
 * @throws {@link CredentialsError} when it gives no keys
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

interface Judgement {
  readonly failure: string;
  readonly passes: boolean;
}

function judge(error: unknown, seen: ProviderExchanges, { endedBy }: TimeBudget): Judgement {
  const { response, host } = seen;
  const code = codeOf(error);
  if (endedBy !== null || error instanceof ProviderTimeoutError) {
    return { failure: "did not answer in time (TIMEOUT)", passes: endedBy === null };
  }
  if (error instanceof ProxyError) {
    return { failure: `cannot be reached. ${error.message}`, passes: error.retryable === "always" };
  }
  const certificate = describeTlsFault(host, error);
  if (certificate !== null) {
    return { failure: `cannot be asked: ${certificate}`, passes: false };
  }
  if (response === undefined) {
    return { failure: `cannot be reached (${code ?? "no code"})`, passes: true };
  }
  const { status } = response;
  const told = [`HTTP ${status}`, code].filter(Boolean).join(", ");
  if (status === 200) return { failure: `gave no keys (${told})`, passes: false };
  const passes = status >= 500 || status === 429 || code?.includes("Throttling") === true;
  return { failure: `${passes ? "failed" : "refused"} (${told})`, passes };
}

/** The code of the system, or of the service; that one stands in the text only, amid the answer. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const own = cleanId(errorCode(error));
  return own ?? cleanId(/"(?:Code|ErrorCode|error)"\s*:\s*"([\w.-]+)"/.exec(error.message)?.[1]);
}
