import type { Evidence, FindingRemedy, Reason, Status, Verdict } from "../audit/finding.ts";
import { type RegionReader, UnreadableError } from "../audit/region-reader.ts";
import type { RuleSettings } from "../audit/rule-settings.ts";
import type { Resource } from "../audit/subject.ts";
import type { Rule } from "../rules/rule.ts";
import { cleanText } from "../text/clean-text.ts";
import { assertVerdicts } from "./assert-verdicts.ts";

/**
 * The result of a rule for a region, or for one resource in it: a finding whose account may not be
 * known yet.
 */
export interface Evaluation {
  readonly ruleId: string;
  readonly regionId: string;
  /** Undefined where it is about the region as a whole. */
  readonly resource: Resource | undefined;
  readonly status: Status;
  readonly reason: Reason;
  readonly evidence: Evidence;
  /** See {@link Verdict}. */
  readonly remedy?: FindingRemedy;
  /** Whether the host's name was resolved; undefined where that is not known. */
  readonly hostResolved: boolean | undefined;
}

/**
 * Evaluates a rule in a region. A region that could not be read is one evaluation with the status
 * `INSUFFICIENT_DATA` and the reason, whatever resources there are.
 *
 * @returns one evaluation for each verdict of the rule; not empty
 * @throws `Error` when the rule breaks its contract, see {@link assertVerdicts}
 */
export async function evaluateRule(
  rule: Rule,
  region: RegionReader,
  settings: RuleSettings,
): Promise<readonly Evaluation[]> {
  const ruleId = rule.id;
  const { regionId } = region;
  try {
    const verdicts = await rule.evaluate(region, settings);
    assertVerdicts(verdicts, ruleId, regionId);
    return verdicts.map((verdict) => evaluationOf(verdict, ruleId, regionId));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return [unreadable(ruleId, regionId, error)];
  }
}

/** The evaluation of a rule in a region that could not be read. */
export function unreadable(
  ruleId: string,
  regionId: string,
  { code, message, evidence, hostResolved }: UnreadableError,
): Evaluation {
  return {
    ruleId,
    regionId,
    resource: undefined,
    status: "INSUFFICIENT_DATA",
    reason: { code, message },
    evidence,
    hostResolved,
  };
}

/** Bytes of a resource's name: more than 128 characters of any script. */
const MAX_NAME_BYTES = 512;

function evaluationOf(
  { status, reason, evidence, resource, remedy }: Verdict,
  ruleId: string,
  regionId: string,
): Evaluation {
  const about = resource && withCleanName(resource);
  return {
    ruleId,
    regionId,
    resource: about,
    status,
    reason,
    evidence,
    ...(remedy !== undefined && { remedy }),
    hostResolved: true,
  };
}

/**
 * The resource with its name as one line of what can be seen: owners may call it anything, and a report
 * with control or format characters is not read elsewhere.
 */
function withCleanName(resource: Resource): Resource {
  const { name, ...ids } = resource;
  return name === undefined ? resource : { ...ids, name: cleanText(name, MAX_NAME_BYTES) };
}
