import type { Endpoint } from "../../http/endpoint.ts";
import type { Environment } from "../../program/environment.ts";
import type { Transport } from "../../http/transport.ts";
import type { RoleSessions } from "./role-sessions.ts";
import type { Variables } from "./variables.ts";

/** What keys are made with, beside what a profile says. */
export interface KeyContext {
  readonly env: Environment;
  readonly variables: Variables;
  readonly sessions: RoleSessions;
  /** Of sessions that the user gives no name. */
  readonly sessionName: string;
  /** Stands in for every endpoint of STS. */
  readonly stsEndpoint: Endpoint | null;
  readonly userAgent: string;
  readonly transport: Transport;
  readonly clock: () => Date;
}
