/** The request is not one that is answered with an audit. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: 400 | 405 | 413;

  constructor(status: 400 | 405 | 413, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
