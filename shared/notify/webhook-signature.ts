import { createHmac } from "node:crypto";

const SECRET = /^whsec_(?<key>[A-Za-z0-9+/]+={0,2})$/;
const MIN_KEY_BYTES = 16;

/** Says what is wrong with a Standard Webhooks secret, or null. Never quotes it. */
export function problemOfWebhookSecret(secret: string): string | null {
  const key = SECRET.exec(secret)?.groups?.["key"];
  if (key === undefined) {
    return 'is not a Standard Webhooks secret: write "whsec_" and the key in base64 (value not shown)';
  }
  if (Buffer.from(key, "base64").length < MIN_KEY_BYTES) {
    return `is too short: the key needs at least ${MIN_KEY_BYTES} bytes, as of "openssl rand -base64 32"`;
  }
  return null;
}

/**
 * Signs a message as Standard Webhooks does.
 *
 * @param secret - `whsec_` and the key in base64
 * @param timestamp - seconds since the epoch
 * @returns the value of the header `webhook-signature`
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return `v1,${digest}`;
}
