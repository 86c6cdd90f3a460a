import type { Evidence, FindingRemedy, Verdict } from "../audit/finding.ts";
import type { UnreadableError } from "../audit/region-reader.ts";
import type { RuleReason } from "../audit/rule-card.ts";
import type { Resource } from "../audit/subject.ts";

/** The parts of a verdict beside its code. */
export interface VerdictParts {
  /** @default the message of the reason on the card */
  readonly message?: string;
  readonly evidence: Evidence;
  readonly resource?: Resource;
  readonly remedy?: FindingRemedy;
}

/**
 * The verdict for a reason on a rule's card, which has its status.
 *
 * @throws `Error` when a verdict on a whole region would be `INSUFFICIENT_DATA`: an internal error
 */
export function verdictOf<Code extends string>(
  reasons: Readonly<Record<Code, Pick<RuleReason, "status" | "message">>>,
  code: Code,
  { message, evidence, resource, remedy }: VerdictParts,
): Verdict {
  const { status, message: meaning } = reasons[code];
  const reason = { code, message: message ?? meaning };
  if (status === "INSUFFICIENT_DATA") {
    if (resource === undefined) throw new Error(`internal error: ${code} is about no resource`);
    return { status, reason, evidence, resource };
  }
  return {
    status,
    reason,
    evidence,
    ...(resource !== undefined && { resource }),
    ...(remedy !== undefined && { remedy }),
  };
}

/** The verdict on a resource that is known from a list, and could not be read itself. */
export function unreadableVerdict(
  { code, evidence }: Pick<UnreadableError, "code" | "evidence">,
  message: string,
  resource: Resource,
): Verdict {
  return { status: "INSUFFICIENT_DATA", reason: { code, message }, evidence, resource };
}
