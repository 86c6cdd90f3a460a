import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

/** Where a request goes. A `URL` is one. */
export interface Target {
  readonly protocol: string;
  /** An IPv6 address in brackets. */
  readonly hostname: string;
  /** Empty for the protocol's own. */
  readonly port: string;
}

/** How connections are made: the one way out of the program. Disposing of it closes all of them. */
export interface Transport extends Disposable {
  /** The agent whose connections lead to a target. They are kept for the next request. */
  agentFor(target: Target): HttpAgent;
}

/** Starts a transport for one run: none of its connections may outlive that, and keep the process. */
export function createTransport(): Transport {
  const [plain, secure] = [HttpAgent, HttpsAgent].map((Agent) => new Agent({ keepAlive: true }));
  if (plain === undefined || secure === undefined) throw new Error("there are two protocols");
  return {
    agentFor: ({ protocol }) => (protocol === "https:" ? secure : plain),
    [Symbol.dispose]() {
      plain.destroy();
      secure.destroy();
    },
  };
}
