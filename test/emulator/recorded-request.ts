/** A request that reached the emulated cloud, whatever the answer. */
export interface RecordedRequest {
  /** Of the log service too, such as `GetLogStore`. */
  readonly action: string;
  readonly regionId: string | null;
  readonly clientToken: string | null;
  readonly userAgent: string;
  /** The id of the key that it names. */
  readonly accessKeyId: string | null;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The body, a form. */
  readonly form: Readonly<Record<string, string>>;
}
