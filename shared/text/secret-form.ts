/** Prefixes of keys and tokens, and what only addresses, keys and tokens contain. */
const SECRET_FORMS = [
  /^(whsec_|SEC[0-9a-f]{8}|LTAI|STS\.|CAIS|xox[a-z]-)/i,
  /:\/\/|[?=+@]/,
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-/i,
  // At least 16 letters and digits, mixed.
  /(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{16}/,
  /\/(services|hook|robot|webhooks?)\//i,
];

/** Whether a text has the form of a key, a token or an address. */
export function hasSecretForm(text: string): boolean {
  return SECRET_FORMS.some((form) => form.test(text));
}
