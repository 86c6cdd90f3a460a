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
import { withoutBrackets } from "./hostname.ts";
import type { TunnelOptions } from "./proxy-agent.ts";
import type { Target, Transport } from "./transport.ts";

/** The observable facts of an HTTP exchange, whether it succeeded or failed. */
export interface ObservedExchange {
  /** Undefined until the head of the response has arrived. */
  readonly response: ResponseHead | undefined;
  /** Whether the host's name was resolved or, for an IP address, a connection was established. */
  readonly hostResolved: boolean;
  /** Whether the body exceeded its limit, so that the connection was closed. */
  readonly oversized: boolean;
}

/** The head of an HTTP response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface ExchangeRequest {
  readonly target: Target;
  /** Path and query. */
  readonly path: string;
  readonly method: string;
  /** Names in lower case; or a list that alternates names and values and includes `host`: faster. */
  readonly headers: OutgoingHttpHeaders | readonly string[];
  readonly body: Buffer | string;
}

export interface ExchangeLimit {
  /** Ends the exchange. */
  readonly budget: Pick<TimeBudget, "endedBy" | "onEnd">;
  /** Maximum length of the body; the connection is closed when it is exceeded. */
  readonly maxBytes: number;
}

/** The body of the response exceeded its limit. */
export class OversizedError extends Error {
  override readonly name = "OversizedError";
}

/** One HTTP request and its response. Keeps its observations also when it fails. */
export class HttpExchange implements ObservedExchange {
  response: ResponseHead | undefined;
  hostResolved = false;
  oversized = false;
  /** Whether the connection to the target was established: a short request can have arrived then. */
  connected = false;
  /** The code of the budget that ended the exchange. */
  endedBy: TimeBudgetCode | undefined;
  #socket: Socket | undefined;

  /**
   * Sends the request once, and follows no redirect. When the budget ends or the body exceeds its
   * limit, the connection is destroyed, also while the body is read.
   *
   * @returns the response; its body must be read by `data` events, which count its length
   * @throws Node's error, which can contain the address; see also {@link endedBy}
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
        // Node does not notify an agent when a request is destroyed during the agent's connect.
        connectBudget: budget,
      } as RequestOptions & TunnelOptions);
      let incoming: IncomingMessage | undefined;
      const unsubscribe = budget.onEnd((code) => {
        this.endedBy = code;
        const cut = new Error("cut off by its time limit");
        reject(cut);
        (incoming ?? outgoing).destroy(cut);
      });
      outgoing.on("socket", (socket) => this.#watch(socket, outgoing));
      outgoing.on("error", (error) => {
        reject(error);
        // For a body that ends with the connection, Node treats a reset as the end of the body.
        if (incoming?.complete === false) incoming.destroy(error);
      });
      outgoing.on("response", (answer) => {
        incoming = answer;
        this.response = { status: answer.statusCode ?? 0, headers: answer.headers };
        let size = 0;
        // Deferred until the body is read, because a `data` listener starts the reading.
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
        unsubscribe();
        // A response that switches protocols closes the connection without a response or error event.
        if (incoming === undefined) reject(new Error("closed without an answer"));
      });
      outgoing.end(body);
    });
  }

  /**
   * Sends the request as {@link open} does, and reads the whole body.
   *
   * @returns the body
   * @throws the budget's code when the budget ends, {@link OversizedError}, or Node's error, which can
   * contain the address
   */
  async send(
    request: ExchangeRequest,
    transport: Transport,
    limit: ExchangeLimit,
  ): Promise<Buffer> {
    try {
      return await readBody(await this.open(request, transport, limit));
    } catch (error) {
      if (this.endedBy === undefined) throw error;
      // Not an Error: a budget ends with a code.
      return Promise.reject(this.endedBy);
    }
  }

  /**
   * Closes the connection if it is kept alive. After a response that is not the service's, the next
   * request on the connection could receive the response to the one before.
   */
  closeConnection(): void {
    this.#socket?.destroy();
  }

  /** A reused connection needs no resolution and no handshake. */
  #watch(socket: Socket, outgoing: ClientRequest): void {
    this.#socket = socket;
    if (outgoing.reusedSocket) {
      this.hostResolved = true;
      this.connected = true;
      return;
    }
    // Through a proxy, the socket is connected already, and only the handshake with the target follows.
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

async function readBody(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () => resolve(Buffer.concat(chunks)));
    answer.on("error", reject);
  });
}
