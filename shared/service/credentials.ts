/** Access keys of an identity. Must not be logged. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Present for temporary credentials only. */
  readonly securityToken?: string | undefined;
}

/** Credentials with an expiry. */
export interface TemporaryCredentials extends Credentials {
  readonly securityToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}
