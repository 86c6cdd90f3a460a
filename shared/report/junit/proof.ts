import { type Finding, observedOf } from "../../audit/finding.ts";
import { cellText } from "../table/cell-text.ts";

/** What was observed and by which request, in lines: `COMPLIANT, ACTIVATED: …`. */
export function describeProof(finding: Finding): string[] {
  const { resource, localName, evidence } = finding;
  const { status, reason } = observedOf(finding);
  const { endpoint, httpStatus, requestId, attempts, checkedAt } = evidence;
  const parts = {
    endpoint,
    "HTTP status": httpStatus,
    "request id": requestId,
    attempts,
    "checked at": checkedAt,
  };
  const known = Object.entries(parts).filter(([, value]) => value !== null && value !== "");
  return [
    `${status}, ${reason.code}: ${reason.message}`,
    ...(resource === undefined
      ? []
      : [[resource.type, resource.id, resource.name ?? ""].join(" ").trim()]),
    ...(localName === undefined ? [] : [localName]),
    known.map(([name, value]) => `${name}: ${value}`).join(", "),
  ].map((line) => cellText(line));
}
