import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request as httpRequest,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";

import type { TimeBudget } from "../time-budget.ts";
import type { Target, Transport } from "./transport.ts";

/** What was seen of an HTTP exchange, also of one that failed. */
export interface Sighting {
  /** Status and headers, from the moment they were in. */
  readonly response: SeenResponse | undefined;
  /** Whether an address was found for the host, or none had to be. */
  readonly hostResolved: boolean;
  /** Whether more came than may come, so that the connection was cut. */
  readonly oversized: boolean;
}

export interface SeenResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface ExchangeRequest {
  readonly target: Target;
  /** With the query. */
  readonly path: string;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | string;
}

export interface ExchangeLimit {
  /** Ends the exchange, which rejects with the budget's code. */
  readonly budget: Pick<TimeBudget, "endedBy" | "onEnd">;
  /** Of the body, above which the connection is cut. */
  readonly maxBytes: number;
}

/** The answer's body was larger than it may be. */
export class OversizedError extends Error {
  override readonly name = "OversizedError";
}

/** One HTTP request and its answer, of which can be told afterwards what was seen. */
export class HttpExchange implements Sighting {
  response: SeenResponse | undefined;
  hostResolved = false;
  oversized = false;

  /**
   * Sends the request, once, and reads the whole answer. Follows no redirect. When the limit strikes,
   * the connection is destroyed.
   *
   * @returns the body
   * @throws the budget's code when that ends, {@link OversizedError}, or Node's own error; that
   * one can carry the address
   */
  async send(
    request: ExchangeRequest,
    transport: Transport,
    limit: ExchangeLimit,
  ): Promise<Buffer> {
    const { budget, maxBytes } = limit;
    return new Promise((resolve, reject) => {
      if (budget.endedBy !== null) {
        reject(budget.endedBy);
        return;
      }
      const { target, path, method, headers, body } = request;
      const outgoing = (target.protocol === "https:" ? httpsRequest : httpRequest)({
        hostname: target.hostname.replace(/^\[|\]$/g, ""),
        port: target.port,
        path,
        method,
        headers,
        agent: transport.agentFor(target),
      });
      const letGo = budget.onEnd((code) => {
        reject(code);
        outgoing.destroy();
      });
      const fail = (error: unknown): void => {
        letGo();
        reject(error);
      };
      outgoing.on("socket", (socket) => this.#watch(socket, outgoing));
      outgoing.on("error", fail);
      // An answer that switches protocols closes the connection, and is neither answer nor error.
      outgoing.on("close", () => fail(new Error("closed without an answer")));
      outgoing.on("response", (incoming) => {
        this.response = { status: incoming.statusCode ?? 0, headers: incoming.headers };
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on("data", (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size <= maxBytes) return;
          this.oversized = true;
          incoming.destroy(new OversizedError("The answer is larger than it may be."));
        });
        incoming.on("end", () => {
          letGo();
          resolve(Buffer.concat(chunks, size));
        });
        incoming.on("error", fail);
      });
      outgoing.end(body);
    });
  }

  /** A connection that is kept had an address before. */
  #watch(socket: Socket, outgoing: ClientRequest): void {
    if (outgoing.reusedSocket || !socket.connecting) {
      this.hostResolved = true;
      return;
    }
    socket.once("lookup", (error: Error | null) => {
      this.hostResolved ||= error === null;
    });
    socket.once("connect", () => {
      this.hostResolved = true;
    });
  }
}
