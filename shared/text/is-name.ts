import { hasSecretForm } from "./secret-form.ts";

/** Up to six words, each in one case with at most a number after it. Generated secrets mix more. */
const NAME =
  /^([A-Z]?[a-z]{1,12}([A-Z][a-z]{2,12}){0,3}|[A-Z]{1,12})\d{0,4}([-_. ]([A-Z]?[a-z]{1,12}|[A-Z]{1,12}|\d{1,4})\d{0,4}){0,5}$/;

/** Whether a text may be shown as the name of something, such as a profile or a variable. */
export function isName(text: string): boolean {
  return NAME.test(text) && !hasSecretForm(text);
}
