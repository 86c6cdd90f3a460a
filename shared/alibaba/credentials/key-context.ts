import type { Endpoint } from "../../http/endpoint.ts";
import type { Transport } from "../../http/transport.ts";
import type { Environment } from "../../program/environment.ts";
import type { RoleSessions } from "./role-sessions.ts";
import type { Variables } from "./variables.ts";

/** What obtaining keys depends on, besides a profile. */
export interface KeyContext {
  readonly env: Environment;
  readonly variables: Variables;
  readonly sessions: RoleSessions;
  /** The name of sessions for which the user sets none. */
  readonly sessionName: string;
  /** Overrides every endpoint of STS. */
  readonly stsEndpoint: Endpoint | null;
  readonly userAgent: string;
  readonly transport: Transport;
  readonly clock: () => Date;
}
