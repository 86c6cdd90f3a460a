import type { CredentialsProvider } from "@alicloud/credentials";
import type { Request } from "@alicloud/credentials/dist/src/providers/http.js";

import { HttpExchange, type ResponseHead } from "../../http/exchange.ts";
import type { Transport } from "../../http/transport.ts";
import { startTimeBudget, type TimeBudget } from "../../retry/time-budget.ts";

/** Far more than the answer of any service that issues keys. */
const MAX_ANSWER_BYTES = 1_024 * 1_024;

/** The service did not answer within the time limit that the provider sets for a request. */
export class ProviderTimeoutError extends Error {
  override readonly name = "ProviderTimeoutError";
}

/** An answer in the form that a provider reads. */
interface ProviderResponse {
  readonly statusCode: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/**
 * The requests of a provider of `@alicloud/credentials`, sent over our transport. The provider's own
 * HTTP client has no proxy and no cancellation, and prints headers when `DEBUG` is set.
 */
export class ProviderExchanges {
  readonly #transport: Transport;
  readonly #budget: TimeBudget;
  readonly #body: string;
  readonly #exchanges: HttpExchange[] = [];
  #host = "";

  /** @param body - sent with each request; the providers that are used here send none themselves */
  constructor(transport: Transport, budget: TimeBudget, body = "") {
    this.#transport = transport;
    this.#budget = budget;
    this.#body = body;
  }

  /** The last response. */
  get response(): ResponseHead | undefined {
    return this.#exchanges.findLast(({ response }) => response !== undefined)?.response;
  }

  /** Whether the name of any requested host was resolved. */
  get hostResolved(): boolean {
    return this.#exchanges.some(({ hostResolved }) => hostResolved);
  }

  /** The host of the last request. */
  get host(): string {
    return this.#host;
  }

  /**
   * Makes a provider send its requests through this object.
   *
   * @returns the provider
   */
  through<P extends CredentialsProvider>(provider: P): P {
    if (!("doRequest" in provider)) {
      throw new Error("The providers of @alicloud/credentials send their requests another way.");
    }
    return Object.assign(provider, { doRequest: (request: Request) => this.#send(request) });
  }

  async #send(request: Request): Promise<ProviderResponse> {
    const limit = startTimeBudget(timeoutMsOf(request), "TIMEOUT", this.#budget);
    const target = new URL(request.toRequestURL());
    const exchange = new HttpExchange();
    this.#exchanges.push(exchange);
    this.#host = target.host;
    try {
      const body = await exchange.send(
        {
          target,
          path: `${target.pathname}${target.search}`,
          method: request.method,
          // A run asks about once, so a kept connection would not be used again.
          headers: { ...request.headers, connection: "close" },
          body: this.#body,
        },
        this.#transport,
        { budget: limit, maxBytes: MAX_ANSWER_BYTES },
      );
      const { status, headers = {} } = exchange.response ?? {};
      return { statusCode: status, headers, body };
    } catch (error) {
      if (limit.endedBy === null || this.#budget.endedBy !== null) throw error;
      throw new ProviderTimeoutError(`${target.host} did not answer in time.`);
    } finally {
      limit.release();
    }
  }
}

/** A provider limits connecting and reading separately. The longer limit is used for both together. */
function timeoutMsOf({ connectTimeout, readTimeout }: Request): number {
  return Math.max(connectTimeout, readTimeout);
}
