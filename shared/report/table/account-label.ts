import type { Report } from "../../audit/report.ts";
import { clipText } from "../../text/clean-text.ts";
import { displayWidth } from "../../text/display-width.ts";
import { cellText } from "./cell-text.ts";

/** What a table calls an account: `prod (1234567890123456)`, or the id alone where it has no name. */
export type AccountLabel = (accountId: string) => string;

/** Of a name that is cut, the characters that are left at least. */
const MIN_NAME_WIDTH = 12;

/** How long labels may be. */
export interface LabelLimit {
  /** The width that no label should exceed, in characters: a longer name is cut, an id is not. */
  readonly limit: number;
  /** In place of what is cut. */
  readonly ellipsis: string;
}

/** The labels of a report's accounts, whole where no limit is given. */
export function accountLabels(
  { accounts }: Pick<Report, "accounts">,
  limit: LabelLimit | null = null,
): AccountLabel {
  const labels = new Map(accounts.map(({ id, name }) => [id, labelOf(id, name, limit)]));
  return (accountId) => labels.get(accountId) ?? cellText(accountId);
}

function labelOf(accountId: string, name: string = "", limit: LabelLimit | null): string {
  const id = cellText(accountId);
  const shown = cellText(name);
  if (shown === "") return id;
  if (limit === null) return `${shown} (${id})`;
  const room = Math.max(MIN_NAME_WIDTH, limit.limit - id.length - " ()".length);
  return `${clipText(shown, room, displayWidth, limit.ellipsis)} (${id})`;
}
