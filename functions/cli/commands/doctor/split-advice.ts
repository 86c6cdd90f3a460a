/** Words with which sentences begin that say what to do. */
const ADVICE =
  /^(Add|Allow|Ask|Attach|Check|Configure|Correct|Create|Divide|Leave|Look|Move|Name|Pay|Put|Remove|Run|Set|Take|To do without|Unset|Update|Use|Where|Write)\b/;
const SENTENCES = /(?<=[.):])\s+(?=[A-Z])/;

/** What is wrong, and what to do about it. */
export interface Advised {
  readonly detail: string;
  /** Undefined where the message does not say. */
  readonly fix: string | undefined;
}

/**
 * Divides the message of an error, which says what is wrong and then what to do, so that the latter can
 * have a line of its own. Nothing is left out.
 */
export function splitAdvice(message: string): Advised {
  const sentences = message.split(SENTENCES);
  const from = sentences.findIndex((sentence, index) => index > 0 && ADVICE.test(sentence));
  if (from === -1) return { detail: message, fix: undefined };
  return { detail: sentences.slice(0, from).join(" "), fix: sentences.slice(from).join(" ") };
}
