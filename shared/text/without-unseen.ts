/** JSON in which characters that control a terminal, or the direction of its text, are escaped. */
export function withoutUnseen(json: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replaceAll(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (unseen) =>
    unseen.replaceAll(/[^]/g, escape),
  );
}
