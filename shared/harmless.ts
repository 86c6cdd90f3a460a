/** Short; or somewhat longer but without a digit; or short words, as in the id of a region. */
const HARMLESS = /^([\w !*.,-]{0,12}|[A-Za-z_ !*.,-]{0,24}|[\w!*]{1,10}(-[\w*]{1,10}){1,4})$/;

/**
 * Whether a text that somebody put in a wrong place may be shown to help find it. Keys, tokens and
 * addresses look otherwise: the shortest access key id has 16 characters, digits among them.
 */
export function isHarmless(text: string): boolean {
  return HARMLESS.test(text);
}

/** What an address or a signing secret has, and hardly a path. */
const NO_PATH = /:\/\/|\?|^whsec_/;

/**
 * A file's path for a message. An address or a key that somebody put in its place is not shown: no
 * file is there, so that is what the message is about.
 */
export function shownPath(path: string): string {
  const isPath = !NO_PATH.test(path) && (/[./]/.test(path) || isHarmless(path));
  return isPath ? path : "(value not shown)";
}
