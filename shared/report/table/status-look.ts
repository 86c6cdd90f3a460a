import type picocolors from "picocolors";

import type { Status } from "../../audit/finding.ts";
import type { Paint } from "../../text/columns.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** A mark beside the colour, for readers and terminals without colours. */
export interface StatusLook {
  readonly mark: string;
  readonly paint: Paint;
}

/** How a status looks. */
export function lookOf(status: Status, colors: Colors): StatusLook {
  switch (status) {
    case "COMPLIANT":
      return { mark: "✔", paint: colors.green };
    case "NON_COMPLIANT":
      return { mark: "✖", paint: colors.red };
    case "INSUFFICIENT_DATA":
      return { mark: "?", paint: colors.yellow };
    case "NOT_APPLICABLE":
    case "IGNORED":
      return { mark: "-", paint: colors.dim };
  }
}
