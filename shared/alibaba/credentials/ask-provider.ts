import type { CredentialsProvider } from "@alicloud/credentials";

import { AttemptError } from "../../audit/attempt-error.ts";
import { CredentialsError } from "../../audit/run-error.ts";
import { cleanId } from "../../clean-id.ts";
import type { Credentials } from "../../credentials.ts";
import type { Sighting } from "../../http/exchange.ts";
import { observeExchange } from "../../observe-exchange.ts";
import { retry, type RetryPolicy } from "../../retry.ts";
import { startTimeBudget } from "../../time-budget.ts";

const RETRY_POLICY: RetryPolicy = { maxAttempts: 3, baseDelayMs: 300, maxDelayMs: 1_000 };

/** The service that a provider asks, for messages. */
export interface ProviderSubject {
  /** Begins the message, for example `the ECS metadata service`. */
  readonly name: string;
  /** Ends it: what to do. */
  readonly advice: string;
  /** Milliseconds for all attempts. */
  readonly timeoutMs: number;
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
  { name, advice, timeoutMs }: ProviderSubject,
): Promise<Credentials> {
  const budget = startTimeBudget(timeoutMs, "TIMEOUT");
  const askOnce = async (): Promise<Credentials> => {
    const { result, sighting } = observeExchange(budget.signal, () => build().getCredentials());
    try {
      const { accessKeyId, accessKeySecret, securityToken } = await result;
      if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret, securityToken };
      throw new ProviderError(`${name} gave no complete keys. ${advice}`, true, "never");
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const { failure, passes } = judge(error, sighting);
      // Some networks answer 404 for any address; a metadata service without a role does too.
      const isThere = sighting.hostResolved && sighting.response?.status !== 404;
      const retryable = passes ? "always" : "never";
      throw new ProviderError(`${name} ${failure}. ${advice}`, isThere, retryable);
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
): Promise<Credentials> {
  try {
    return await askProvider(build, subject);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new CredentialsError(error.message);
  }
}

interface Judgement {
  readonly failure: string;
  readonly passes: boolean;
}

function judge(error: unknown, { response }: Sighting): Judgement {
  const code = codeOf(error);
  if (error === "TIMEOUT" || (error instanceof Error && /timeout/i.test(error.name))) {
    return { failure: "did not answer in time (TIMEOUT)", passes: error !== "TIMEOUT" };
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
  const own = "code" in error ? cleanId(error.code) : null;
  return own ?? cleanId(/"(?:Code|ErrorCode|error)"\s*:\s*"([\w.-]+)"/.exec(error.message)?.[1]);
}
