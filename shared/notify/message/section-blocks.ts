import type { Alert } from "../../alerts/alert.ts";
import type { FailureCode } from "../../audit/finding.ts";
import type { Block, Heading, Line, Paragraph } from "./draft.ts";
import type { Section } from "./sections.ts";
import { REGION } from "./subject-noun.ts";
import type { Words } from "./words.ts";

/** The reason that all regions of an account have at once. */
export const ACCOUNT_REFUSED: FailureCode = "ROLE_REFUSED";

/** What the blocks of one section are written with. */
export interface SectionContext {
  readonly section: Section;
  readonly heading: Heading | null;
  readonly alert: Alert;
  readonly words: Words;
}

/** Lines that no change is about. */
export function paragraph(
  lines: readonly Line[],
  about: Pick<Paragraph, "heading" | "subjects" | "noun"> = {
    heading: null,
    subjects: 0,
    noun: REGION,
  },
): Block {
  return { kind: "paragraph", lines: () => lines, covers: [], ...about };
}
