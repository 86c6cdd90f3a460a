/** The formats in which the outcome of `verify` is printed. */
export const VERIFY_FORMATS = ["table", "json"] as const;
export type VerifyFormat = (typeof VERIFY_FORMATS)[number];
