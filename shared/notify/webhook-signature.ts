import { createHmac } from "node:crypto";

export const SECRET = /^whsec_(?<key>[A-Za-z0-9+/]+={0,2})$/;
/** The length that the specification requires; most libraries do not check it. */
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;

/** Says what is wrong with a Standard Webhooks secret, or null. Never quotes it. */
export function problemOfWebhookSecret(secret: string): string | null {
  const key = SECRET.exec(secret)?.groups?.["key"];
  if (key === undefined) {
    return 'is not a Standard Webhooks secret: write "whsec_" and the key in base64 (value not shown)';
  }
  const bytes = Buffer.from(key, "base64").length;
  if (bytes >= MIN_KEY_BYTES && bytes <= MAX_KEY_BYTES) return null;
  return `is too ${bytes < MIN_KEY_BYTES ? "short" : "long"}: a key has ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes, as of "openssl rand -base64 32"`;
}

/**
 * Signs a message by Standard Webhooks. During a rotation the old secret signs too: a receiver
 * accepts a message when any of the signatures is valid.
 *
 * @param secrets - each is `whsec_` and the key in base64; the newest first
 * @param timestamp - seconds since the epoch
 * @returns the value of the header `webhook-signature`
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signWebhook(
  secrets: readonly string[],
  id: string,
  timestamp: number,
  body: string,
): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
      const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`);
      return `v1,${mac.digest("base64")}`;
    })
    .join(" ");
}
