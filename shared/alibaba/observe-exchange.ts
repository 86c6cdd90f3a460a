import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { ClientRequest, type IncomingHttpHeaders, IncomingMessage } from "node:http";

/** What was seen of the HTTP exchanges that a call made inside a library. */
export interface Sighting {
  /** The newest response, from the moment its headers were in. */
  readonly response: { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined;
}

interface Observation {
  readonly requests: Set<ClientRequest>;
  response: Sighting["response"];
}

const current = new AsyncLocalStorage<Observation>();
const byRequest = new WeakMap<ClientRequest, Observation>();

subscribe("http.client.request.start", (message) => {
  const observation = current.getStore();
  const request = partOf(message, "request");
  if (observation === undefined || !(request instanceof ClientRequest)) return;
  observation.requests.add(request);
  byRequest.set(request, observation);
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
  const observation: Observation = { requests: new Set(), response: undefined };
  const result = new Promise<T>((resolve, reject) => {
    const abandon = (): void => {
      reject(signal.reason);
      for (const request of observation.requests) request.destroy();
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
