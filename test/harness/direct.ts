import { createTransport } from "../../shared/http/transport.ts";

/** A transport without a proxy. */
export const DIRECT = createTransport(null);
