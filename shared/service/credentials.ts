/** Keys as they are at one moment. Never to be logged. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary credentials only. */
  readonly securityToken?: string | undefined;
}

/** Credentials that are valid until a time. */
export interface TemporaryCredentials extends Credentials {
  readonly securityToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}
