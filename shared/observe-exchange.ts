import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { ClientRequest, IncomingMessage } from "node:http";

import type { SeenResponse, Sighting } from "./http/exchange.ts";

/** Far more than any answer of the API has, and far less than a small function's memory. */
const MAX_RECEIVED_BYTES = 4 * 1_024 * 1_024;

class Observation implements Sighting {
  response: SeenResponse | undefined;
  hostResolved = false;
  oversized = false;
  #abandoned = false;
  #receivedBytes = 0;
  readonly #requests = new Set<ClientRequest>();

  watch(request: ClientRequest): void {
    if (this.#abandoned) {
      request.destroy();
      return;
    }
    this.#requests.add(request);
    // A request is announced when it has its socket, which may not be connected yet.
    const { socket } = request;
    if (socket === null) return;
    if (!socket.connecting) this.hostResolved = true;
    const onLookup = (error: Error | null): void => {
      this.hostResolved ||= error === null;
    };
    const onConnect = (): void => {
      this.hostResolved = true;
    };
    const onData = (chunk: Buffer): void => {
      this.#receivedBytes += chunk.length;
      if (this.#receivedBytes <= MAX_RECEIVED_BYTES) return;
      this.oversized = true;
      request.destroy();
    };
    socket.on("lookup", onLookup).on("connect", onConnect).on("data", onData);
    // The socket may serve another request after this one.
    request.once("close", () => {
      socket.off("lookup", onLookup).off("connect", onConnect).off("data", onData);
    });
  }

  abandon(): void {
    this.#abandoned = true;
    for (const request of this.#requests) request.destroy();
  }
}

const current = new AsyncLocalStorage<Observation>();
const byRequest = new WeakMap<ClientRequest, Observation>();

subscribe("http.client.request.start", (message) => {
  const observation = current.getStore();
  const request = partOf(message, "request");
  if (observation === undefined || !(request instanceof ClientRequest)) return;
  byRequest.set(request, observation);
  observation.watch(request);
});

subscribe("http.client.response.finish", (message) => {
  const request = partOf(message, "request");
  const response = partOf(message, "response");
  if (!(request instanceof ClientRequest) || !(response instanceof IncomingMessage)) return;
  const observation = byRequest.get(request);
  if (observation === undefined) return;
  observation.response = { status: Number(response.statusCode), headers: response.headers };
});

function partOf(message: unknown, name: string): unknown {
  return typeof message === "object" && message !== null ? Reflect.get(message, name) : undefined;
}

/**
 * Runs a library's call so that it can be cancelled and its response seen, though the library
 * offers neither: the SDK takes no AbortSignal, and loses the HTTP status of an answer that is not
 * JSON. On abort the sockets are destroyed, so that nothing keeps the process alive.
 *
 * @returns the call's result, and a sighting that is filled in while the call runs
 * @throws the signal's reason, as a rejection of `result`, when it is aborted first
 * @see https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#built-in-channels
 */
export function observeExchange<T>(
  signal: AbortSignal,
  call: () => Promise<T>,
): { readonly result: Promise<T>; readonly sighting: Sighting } {
  const observation = new Observation();
  const result = new Promise<T>((resolve, reject) => {
    const abandon = (): void => {
      reject(signal.reason);
      observation.abandon();
    };
    if (signal.aborted) {
      abandon();
      return;
    }
    signal.addEventListener("abort", abandon, { once: true });
    current
      .run(observation, call)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abandon));
  });
  return { result, sighting: observation };
}
