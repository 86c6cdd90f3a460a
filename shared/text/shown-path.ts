import { isName } from "./is-name.ts";
import { hasSecretForm } from "./secret-form.ts";

/**
 * A file's path as a message may show it. An address or a key given in place of a path is replaced
 * by "(value not shown)": there is no file of that name, so the message is an error about it.
 */
export function shownPath(path: string): string {
  const isPath = (/[./]/.test(path) && !hasSecretForm(path)) || isName(path);
  return isPath ? path : "(value not shown)";
}
