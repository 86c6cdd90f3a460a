import type { ScopedAccount } from "../../../../shared/audit/account-scope.ts";
import type { Evaluation } from "../../../../shared/run/evaluate-rule.ts";
import { cleanText } from "../../../../shared/text/clean-text.ts";

/** Bytes of a resource's id in a line of `--verbose`: that of a log store, with its project, has 127. */
const MAX_ID_BYTES = 256;

/**
 * A line of `--verbose`.
 *
 * @param namesRule - whether the audit has more than one
 * @param account - the account, where it may be one of several
 */
export function describeEvaluation(
  evaluation: Evaluation,
  namesRule: boolean,
  account: ScopedAccount | undefined,
): string {
  const { ruleId, regionId, resource, status, reason, evidence } = evaluation;
  const { attempts, durationMs } = evidence;
  const about = [
    ...(account === undefined ? [] : [describeAccount(account)]),
    ...(namesRule ? [ruleId] : []),
    regionId,
    ...(resource === undefined ? [] : [cleanText(resource.id, MAX_ID_BYTES)]),
  ].join(" ");
  return `flowlog-guard: ${about} ${status} ${reason.code}, attempts: ${attempts}, ${durationMs ?? 0} ms\n`;
}

function describeAccount({ id, name }: ScopedAccount): string {
  return name === null ? id : `${cleanText(name, MAX_ID_BYTES)} (${id})`;
}
