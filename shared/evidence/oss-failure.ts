import { EvidenceError } from "../audit/run-error.ts";
import { OssError } from "../storage/oss-error.ts";

/**
 * Rethrows a failure of OSS as one of the evidence.
 *
 * @throws {@link EvidenceError} for an {@link OssError}; any other error as it is
 */
export function rethrowAsEvidenceError(error: unknown): never {
  if (!(error instanceof OssError)) throw error;
  throw new EvidenceError(error.message, { cause: error.cause });
}
