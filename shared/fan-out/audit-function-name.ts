const CHECK = /^(.+)-check$/;

/**
 * The name of the audit function that is deployed with a check function, such as `flowlog-guard-audit`
 * for `flowlog-guard-check`.
 *
 * @returns null where the check function's name does not have that form
 */
export function auditFunctionName(checkFunctionName: string): string | null {
  const [, deployment] = CHECK.exec(checkFunctionName) ?? [];
  return deployment === undefined ? null : `${deployment}-audit`;
}
