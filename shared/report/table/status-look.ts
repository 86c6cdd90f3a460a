import type picocolors from "picocolors";

import type { Status } from "../../audit/finding.ts";
import type { Paint } from "../../text/columns.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** A mark beside the colour, for readers and terminals without colours. */
export interface StatusLook {
  readonly mark: string;
  readonly paint: Paint;
}

/** The marks of tables. */
export const STATUS_MARKS: Readonly<Record<Status, string>> = {
  COMPLIANT: "✔",
  NON_COMPLIANT: "✖",
  INSUFFICIENT_DATA: "?",
  NOT_APPLICABLE: "-",
  IGNORED: "-",
};

/** How a status looks. */
export function lookOf(status: Status, colors: Colors): StatusLook {
  return { mark: STATUS_MARKS[status], paint: paintOf(status, colors) };
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
