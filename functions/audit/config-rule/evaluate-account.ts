import type {
  ComplianceEvaluation,
  ComplianceType,
} from "../../../shared/audit/compliance-evaluation.ts";
import type { Finding } from "../../../shared/audit/finding.ts";
import { groupBy } from "../../../shared/audit/group-by.ts";
import { annotationOf, annotationOfLists } from "./annotation.ts";
import type { EvaluationTask } from "./evaluation-task.ts";

/** The results of a task, and what has none because it could not be read. */
export interface Evaluated {
  readonly evaluations: readonly ComplianceEvaluation[];
  /** Empty where everything could be read. */
  readonly unreadable: readonly Unreadable[];
}

/** A region or a VPC that could not be read. */
export interface Unreadable {
  readonly id: string;
  /** Why, with the code. */
  readonly reason: string;
}

/** Why a region or a resource could not be read, for a message. */
export function unreadableBy(id: string, { reason: { code, message } }: Finding): Unreadable {
  return { id, reason: `${code}: ${message}` };
}

/**
 * Evaluates an account by the findings of all its regions: the worst status. It has no result where a
 * region could not be read and none is known not to be compliant, since neither is then known. Where the
 * task asks for regions, each has a result too, as a resource of the account's type.
 *
 * @param findings - of the account, by the task's rule
 */
export function evaluateAccount(
  { ruleId, resource, evaluateRegions }: EvaluationTask,
  findings: readonly Finding[],
  orderingTimestamp: number,
): Evaluated {
  const regions = [...groupBy(findings, ({ regionId }) => regionId)];
  const unreadable = findings
    .filter(({ status }) => status === "INSUFFICIENT_DATA")
    .map((finding) => unreadableBy(finding.resource?.id ?? finding.regionId, finding));
  const complianceType = worstOf(findings);
  const account =
    complianceType === null
      ? []
      : [
          {
            ...resource,
            complianceType,
            annotation: annotationOfRegions(ruleId, regions),
            orderingTimestamp,
          },
        ];
  const byRegion = evaluateRegions
    ? regions.flatMap(([regionId, found]): ComplianceEvaluation[] => {
        const type = worstOf(found);
        return type === null
          ? []
          : [
              {
                ...resource,
                resourceId: `${resource.resourceId}/${regionId}`,
                resourceName: found[0]?.localName ?? regionId,
                regionId,
                complianceType: type,
                annotation: annotationOfRegion(ruleId, found),
                orderingTimestamp,
              },
            ];
      })
    : [];
  return { evaluations: [...account, ...byRegion], unreadable };
}

/** Null where something could not be read, and nothing is known not to be compliant. */
function worstOf(findings: readonly Finding[]): ComplianceType | null {
  const has = (status: Finding["status"]): boolean =>
    findings.some((finding) => finding.status === status);
  if (has("NON_COMPLIANT")) return "NON_COMPLIANT";
  if (has("INSUFFICIENT_DATA") || findings.length === 0) return null;
  // What is exempt is not known to be compliant.
  return has("COMPLIANT") ? "COMPLIANT" : "NOT_APPLICABLE";
}

type FoundRegion = readonly [regionId: string, findings: readonly Finding[]];

function annotationOfRegions(ruleId: string, regions: readonly FoundRegion[]): string {
  const named = (status: Finding["status"]): string[] =>
    regions.flatMap(([regionId, findings]) => {
      const found = findings.filter((finding) => finding.status === status);
      if (found.length === 0) return [];
      const ofResources = found.some(({ resource }) => resource !== undefined);
      return [ofResources ? `${regionId} (${found.length})` : regionId];
    });
  const compliant = regions.filter(([, findings]) => worstOf(findings) === "COMPLIANT").length;
  return annotationOfLists(`${ruleId}.`, [
    { label: "Not compliant", items: named("NON_COMPLIANT") },
    { label: "Could not be read", items: named("INSUFFICIENT_DATA") },
    { label: "Exempt", items: exemptIn(regions) },
    {
      label: "Compliant",
      items: compliant === 0 ? [] : [`${compliant} ${compliant === 1 ? "region" : "regions"}`],
    },
  ]);
}

/** Each exemption once, with who answers for it and its last day. */
function exemptIn(regions: readonly FoundRegion[]): string[] {
  const items = regions.flatMap(([regionId, findings]) =>
    findings.flatMap(({ exemption }) =>
      exemption === undefined
        ? []
        : [`${regionId} (${exemption.owner}, until ${exemption.expires})`],
    ),
  );
  return [...new Set(items)];
}

/** What the worst finding says, where there is one; else how many resources have which status. */
function annotationOfRegion(ruleId: string, findings: readonly Finding[]): string {
  const [only] = findings;
  if (findings.length === 1 && only !== undefined) {
    return annotationOf(`${ruleId}. ${only.reason.message}`);
  }
  const idsWith = (status: Finding["status"]): string[] =>
    findings.flatMap((finding) => (finding.status === status ? (finding.resource?.id ?? []) : []));
  return annotationOfLists(`${ruleId}.`, [
    { label: "Not compliant", items: idsWith("NON_COMPLIANT") },
    { label: "Could not be read", items: idsWith("INSUFFICIENT_DATA") },
    { label: "Exempt", items: idsWith("IGNORED") },
    { label: "Compliant", items: idsWith("COMPLIANT") },
  ]);
}
