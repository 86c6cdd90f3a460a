import { createTransport } from "../../shared/http/transport.ts";

/** The way out without a proxy, for tests that are about something else. */
export const DIRECT = createTransport(null);
