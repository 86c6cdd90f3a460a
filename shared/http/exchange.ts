import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
} from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { Socket } from "node:net";

import type { TimeBudget, TimeBudgetCode } from "../retry/time-budget.ts";
import type { TunnelOptions } from "./proxy-agent.ts";
import type { Target, Transport } from "./transport.ts";
import { withoutBrackets } from "./hostname.ts";

/** What was seen of an HTTP exchange, also of one that failed. */
export interface ObservedExchange {
  /** Status and headers, from the moment they were in. */
  readonly response: ResponseHead | undefined;
  /** Whether an address was found for the host, or none had to be. */
  readonly hostResolved: boolean;
  /** Whether more came than may come, so that the connection was cut. */
  readonly oversized: boolean;
}

export interface ResponseHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface ExchangeRequest {
  readonly target: Target;
  /** With the query. */
  readonly path: string;
  readonly method: string;
  /** With names in lower case; or names and values in turn, `host` among them, which is quicker. */
  readonly headers: OutgoingHttpHeaders | readonly string[];
  readonly body: Buffer | string;
}

export interface ExchangeLimit {
  /** Ends the exchange. */
  readonly budget: Pick<TimeBudget, "endedBy" | "onEnd">;
  /** Of the body, above which the connection is cut. */
  readonly maxBytes: number;
}

/** The answer's body was larger than it may be. */
export class OversizedError extends Error {
  override readonly name = "OversizedError";
}

/** One HTTP request and its answer; keeps what was seen of them, also when they failed. */
export class HttpExchange implements ObservedExchange {
  response: ResponseHead | undefined;
  hostResolved = false;
  oversized = false;
  /** Whether there was a connection to the target: a short request was under way as a whole then. */
  connected = false;
  /** The code of the budget that cut it off. */
  endedBy: TimeBudgetCode | undefined;
  #socket: Socket | undefined;

  /**
   * Sends the request, once. Follows no redirect. When the budget ends, or more comes than may come, the
   * connection is destroyed, also while the answer is read.
   *
   * @returns the answer, whose body is to be read by its `data` events, for those are counted
   * @throws Node's own error, which can carry the address; see also {@link endedBy}
   */
  async open(
    { target, path, method, headers, body }: ExchangeRequest,
    transport: Transport,
    { budget, maxBytes }: ExchangeLimit,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (budget.endedBy !== null) {
        this.endedBy = budget.endedBy;
        reject(new Error("its time was over before it began"));
        return;
      }
      const send = target.protocol === "https:" ? httpsRequest : httpRequest;
      const outgoing = send({
        hostname: withoutBrackets(target.hostname),
        port: target.port,
        path,
        method,
        headers,
        agent: transport.agentFor(target),
        // Node tells an agent nothing of a request that ends while it connects through a proxy.
        connectBudget: budget,
      } as RequestOptions & TunnelOptions);
      let incoming: IncomingMessage | undefined;
      const stopListening = budget.onEnd((code) => {
        this.endedBy = code;
        const cut = new Error("cut off by its time limit");
        reject(cut);
        (incoming ?? outgoing).destroy(cut);
      });
      outgoing.on("socket", (socket) => this.#watch(socket, outgoing));
      outgoing.on("error", (error) => {
        reject(error);
        // Where the end of the connection is that of the body, Node takes a reset for the end, too.
        if (incoming?.complete === false) incoming.destroy(error);
      });
      outgoing.on("response", (answer) => {
        incoming = answer;
        this.response = { status: answer.statusCode ?? 0, headers: answer.headers };
        let size = 0;
        // Not before somebody reads: to listen for data is to begin.
        answer.once("resume", () => {
          answer.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size <= maxBytes || this.oversized) return;
            this.oversized = true;
            answer.destroy(new OversizedError("The answer is larger than it may be."));
          });
        });
        resolve(answer);
      });
      outgoing.on("close", () => {
        stopListening();
        // An answer that switches protocols closes the connection, and is neither answer nor error.
        if (incoming === undefined) reject(new Error("closed without an answer"));
      });
      outgoing.end(body);
    });
  }

  /**
   * Sends the request as {@link open} does, and reads the whole answer.
   *
   * @returns the body
   * @throws the budget's code when that ends, {@link OversizedError}, or Node's own error; that one
   * can carry the address
   */
  async send(
    request: ExchangeRequest,
    transport: Transport,
    limit: ExchangeLimit,
  ): Promise<Buffer> {
    try {
      return await wholeOf(await this.open(request, transport, limit));
    } catch (error) {
      if (this.endedBy === undefined) throw error;
      // What a budget ends with is a code.
      return Promise.reject(this.endedBy);
    }
  }

  /**
   * Closes the connection where it was kept: after an answer that is not the service's, each request on
   * it might get the answer to the one before.
   */
  closeConnection(): void {
    this.#socket?.destroy();
  }

  /** A connection that is kept had an address before. */
  #watch(socket: Socket, outgoing: ClientRequest): void {
    this.#socket = socket;
    if (outgoing.reusedSocket) {
      this.hostResolved = true;
      this.connected = true;
      return;
    }
    // Through a proxy there is a connection already, and what follows is the target's own handshake.
    this.hostResolved ||= !socket.connecting;
    socket.once(outgoing.protocol === "https:" ? "secureConnect" : "connect", () => {
      this.connected = true;
    });
    socket.once("lookup", (error: Error | null) => {
      this.hostResolved ||= error === null;
    });
    socket.once("connect", () => {
      this.hostResolved = true;
    });
  }
}

async function wholeOf(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () => resolve(Buffer.concat(chunks)));
    answer.on("error", reject);
  });
}
