/**
 * The code of an error, such as `ENOENT` of a system call; null for an error without one, and for
 * anything that is not an error.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#errorcode
 */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : null;
}
