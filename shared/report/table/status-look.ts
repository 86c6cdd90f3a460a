import type picocolors from "picocolors";

import type { Status } from "../../audit/finding.ts";
import type { Paint } from "../../text/columns.ts";
import type { Marks } from "../../text/marks.ts";
import type { ReportWords } from "../words/report-words.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** What the reader of a table shows. */
export interface TableStyle {
  readonly colors: Colors;
  readonly marks: Marks;
  readonly words: ReportWords;
}

/** A mark beside the colour, for readers and terminals without colours. */
export interface StatusLook {
  readonly mark: string;
  readonly paint: Paint;
}

/** The mark of a status. */
export function markOf(status: Status, marks: Marks): string {
  switch (status) {
    case "COMPLIANT":
      return marks.good;
    case "NON_COMPLIANT":
      return marks.bad;
    case "INSUFFICIENT_DATA":
      return marks.unknown;
    case "NOT_APPLICABLE":
    case "IGNORED":
      return marks.neutral;
  }
}

/** How a status looks. */
export function lookOf(
  status: Status,
  { colors, marks }: Pick<TableStyle, "colors" | "marks">,
): StatusLook {
  return { mark: markOf(status, marks), paint: paintOf(status, colors) };
}

function paintOf(status: Status, colors: Colors): Paint {
  switch (status) {
    case "COMPLIANT":
      return colors.green;
    case "NON_COMPLIANT":
      return colors.red;
    case "INSUFFICIENT_DATA":
      return colors.yellow;
    case "NOT_APPLICABLE":
    case "IGNORED":
      return colors.dim;
  }
}
