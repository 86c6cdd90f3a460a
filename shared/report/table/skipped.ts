import type { Report } from "../../audit/report.ts";
import { longest } from "../../text/columns.ts";
import { displayWidth } from "../../text/display-width.ts";
import { accountLabels } from "./account-label.ts";
import { lookOf, type TableStyle } from "./status-look.ts";

/** The accounts that were not audited, and why, a line each. */
export function skippedLines(report: Report, style: TableStyle): readonly string[] {
  const skipped = report.accounts.filter((account) => account.status === "skipped");
  const labelOf = accountLabels(report);
  const labels = skipped.map(({ id }) => labelOf(id));
  const width = longest(labels);
  const { mark, paint } = lookOf("INSUFFICIENT_DATA", style);
  return skipped.map(({ reason }, index) => {
    const label = labels[index] ?? "";
    const padding = " ".repeat(width - displayWidth(label));
    return `${paint(`${mark} ${label}${padding}`)}  ${style.words.skipped(reason)}`;
  });
}

/** Says, where it is so, that an account may be missing from the report. */
export function managementLines(
  { managementAccountUnknown }: Report,
  { colors, words }: TableStyle,
): readonly string[] {
  if (managementAccountUnknown !== true) return [];
  return [colors.yellow(words.managementUnknown)];
}
