import type {
  ChainBreak,
  ChainNote,
  Verification,
} from "../../../../shared/evidence/verification.ts";
import { TOOL } from "../../../../shared/program/tool.ts";
import { describeBreak, describeNote } from "./describe-break.ts";

/**
 * The outcome for programs; docs/evidence.md documents the fields. The names are those of an assessment
 * report's validation by AWS Audit Manager where they mean the same. There is no signature, and the text
 * says so instead of leaving it open.
 *
 * @param verifiedAt - ISO 8601, UTC
 * @see https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_ValidateAssessmentReportIntegrity.html
 */
export function verificationJson(outcome: Verification, verifiedAt: string): string {
  const { breaks, notes, lock, unread, ...known } = outcome;
  const document = {
    schemaVersion: 1,
    tool: TOOL,
    verifiedAt,
    ...known,
    status: breaks.length > 0 ? "BROKEN" : unread === null ? "WHOLE" : "NOT_VERIFIED",
    hashAlgorithm: "SHA-256",
    signatureValid: null,
    validationErrors: breaks.map(errorOf),
    notes: notes.map((note: ChainNote) => ({ ...note, message: describeNote(note) })),
    lock: "lock" in lock ? { status: lock.status, ...lock.lock } : lock,
    unread,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function errorOf(found: ChainBreak) {
  return { ...found, message: describeBreak(found) };
}
