import { RunError } from "../../shared/audit/run-error.ts";

/** The HTTP request is wrong: no audit ran, and the caller has to correct it. */
export class HttpError extends RunError {
  override readonly name = "HttpError";
  readonly status: 400 | 405 | 413;

  constructor(status: 400 | 405 | 413, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
