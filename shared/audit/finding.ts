import type { Resource, Subject } from "./subject.ts";

/**
 * The result of an evaluation, in Cloud Config's terms.
 *
 * @see https://www.alibabacloud.com/help/en/cloud-config/
 */
export type Status =
  | "COMPLIANT"
  | "NON_COMPLIANT"
  | "INSUFFICIENT_DATA"
  | "NOT_APPLICABLE"
  | "IGNORED";

/** Why a region or a resource could not be read. None of these says anything about compliance. */
export const FAILURE_CODES = [
  "ACCESS_DENIED",
  "CREDENTIALS_INVALID",
  "THROTTLED",
  "TIMEOUT",
  "UNREACHABLE",
  "REGION_NOT_FOUND",
  "MALFORMED_RESPONSE",
  "SERVICE_ERROR",
  "DEADLINE_EXCEEDED",
  "ROLE_REFUSED",
  "PART_FAILED",
  "LIST_UNSTABLE",
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** An exemption applies, whatever was observed. */
export const EXEMPT = "EXEMPT";

/**
 * A {@link FailureCode}, {@link EXEMPT}, or one of the rule's own, which its card lists. It explains a
 * status; no decision depends on it.
 */
export type ReasonCode = string;

export interface Reason {
  readonly code: ReasonCode;
  /** One sentence for a person; programs read `code`. */
  readonly message: string;
}

/** The trace of one HTTP exchange with the cloud. A part that does not exist is null. */
export interface Exchange {
  /** The id the service gave the request, for a support ticket or ActionTrail. */
  readonly requestId: string | null;
  /** The host that was asked, with its port where one was given. */
  readonly endpoint: string | null;
  readonly httpStatus: number | null;
}

/** The proof behind a finding: the last exchange, the number of attempts, and the time. */
export interface Evidence extends Exchange {
  /** Requests made, the first included; 0 where the region was never asked. */
  readonly attempts: number;
  /** ISO 8601, UTC: when the answer or the last failure arrived. */
  readonly checkedAt: string | null;
  /** Milliseconds from the first request to `checkedAt`, waits included. */
  readonly durationMs: number | null;
}

/** Of a region that was not asked. */
export const NO_EVIDENCE: Evidence = {
  requestId: null,
  endpoint: null,
  httpStatus: null,
  attempts: 0,
  checkedAt: null,
  durationMs: null,
};

/**
 * What makes one subject compliant, made from what was read of it. A name in capitals, such as
 * `PROJECT`, stands for a name that only the reader can choose.
 */
export interface FindingRemedy {
  /** One line of a shell that calls `aliyun`, quoted; of two calls with `; ` between. Null for none. */
  readonly command: string | null;
  /** Terraform that does the same; null where none does. */
  readonly terraform: string | null;
}

/**
 * A rule's verdict on a region that could be read, or on one resource in it. A rule gives either one
 * verdict on the region, or one on each of its resources.
 */
export type Verdict = AnsweredVerdict | UnreadableResourceVerdict;

/** A verdict based on an answer of the cloud. */
export interface AnsweredVerdict {
  readonly status: "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE";
  readonly reason: Reason;
  /** Of the reading that proves it. Verdicts that rest on one reading share its evidence. */
  readonly evidence: Evidence;
  /** Absent where the verdict is about the region as a whole. */
  readonly resource?: Resource;
  /** Where the status is `NON_COMPLIANT`, and the rule's card alone does not say what to do. */
  readonly remedy?: FindingRemedy;
}

/**
 * A resource that is known from a list, and of which no more is known: it could not be read itself, and
 * the reason has a {@link FailureCode}, or what was read says neither yes nor no, and the reason is one
 * of the rule's own. A region that could not be read is no verdict: the rule throws an
 * `UnreadableError`.
 */
export interface UnreadableResourceVerdict {
  readonly status: "INSUFFICIENT_DATA";
  readonly reason: Reason;
  /** Of the reading that failed, or that says neither. */
  readonly evidence: Evidence;
  readonly resource: Resource;
  readonly remedy?: undefined;
}

/** A rule's answer for one region of one account, or for one resource in it. */
export interface Finding extends Subject {
  /** What DescribeRegions calls the region, where it was asked: text from outside. */
  readonly localName?: string;
  readonly status: Status;
  readonly reason: Reason;
  readonly evidence: Evidence;
  /** What makes the subject compliant, where the rule made it from what it read. */
  readonly remedy?: FindingRemedy;
  /** Where the status is `IGNORED`: the exemption that applies, and what was observed. */
  readonly exemption?: HeldExemption;
}

/** An exemption that applies to a finding. */
export interface HeldExemption {
  readonly owner: string;
  readonly reason: string;
  /** Its last day, UTC: `2027-03-31`. */
  readonly expires: string;
  /** Whether that is within a week. */
  readonly endsSoon: boolean;
  /** What the finding would be without it. */
  readonly observed: { readonly status: Status; readonly reason: Reason };
}

/** Status and reason of a finding before any exemption was applied. */
export function observedOf(finding: Finding): { readonly status: Status; readonly reason: Reason } {
  return finding.exemption?.observed ?? finding;
}
