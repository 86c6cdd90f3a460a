import type { IncomingHttpHeaders } from "node:http";

/** An HTTP answer to a message, not judged yet. */
export interface ReceiverAnswer {
  /** All of the address that may be shown. */
  readonly host: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decoded; empty also where a refusal's body cannot be read, or is longer than 64 KB. */
  readonly text: string;
}
