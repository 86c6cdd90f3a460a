import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";

import type { TimeBudget, TimeBudgetCode } from "../time-budget.ts";
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
  /** Ends the exchange. */
  readonly budget: Pick<TimeBudget, "endedBy" | "onEnd">;
  /** Of the body, above which the connection is cut. */
  readonly maxBytes: number;
}

/** One HTTP request and its answer, of which can be told afterwards what was seen. */
export class HttpExchange implements Sighting {
  response: SeenResponse | undefined;
  hostResolved = false;
  oversized = false;
  /** The code of the budget that cut it off. */
  endedBy: TimeBudgetCode | undefined;

  /**
   * Sends the request, once. Follows no redirect. When the budget ends, or more comes than may come, the
   * connection is destroyed, also while the answer is read.
   *
   * @returns the answer, whose body is to be read
   * @throws Node's own error, which can carry the address; see also {@link endedBy}
   */
  async open(
    { target, path, method, headers, body }: ExchangeRequest,
    transport: Transport,
    { budget, maxBytes }: ExchangeLimit,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = target.protocol === "https:" ? httpsRequest : httpRequest;
      const outgoing = send({
        hostname: target.hostname.replace(/^\[|\]$/g, ""),
        port: target.port,
        path,
        method,
        headers,
        agent: transport.agentFor(target),
      });
      let incoming: IncomingMessage | undefined;
      const letGo = budget.onEnd((code) => {
        this.endedBy = code;
        const cut = new Error("cut off by its time limit");
        reject(cut);
        (incoming ?? outgoing).destroy(cut);
      });
      outgoing.on("socket", (socket) => this.#watch(socket, outgoing));
      outgoing.on("error", reject);
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
            answer.destroy(new Error("larger than an answer may be"));
          });
        });
        resolve(answer);
      });
      outgoing.on("close", () => {
        letGo();
        // An answer that switches protocols closes the connection, and is neither answer nor error.
        if (incoming === undefined) reject(new Error("closed without an answer"));
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
