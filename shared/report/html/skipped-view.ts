import type { Report } from "../../audit/report.ts";
import { type Content, element } from "./element.ts";
import { STATUS_WORDS } from "./report-words.ts";
import { type AccountView, nameView } from "./subject-view.ts";

/** The accounts that were not audited, and why; null where all were. */
export function skippedView({ accounts }: Report, accountView: AccountView): Content {
  const skipped = accounts.filter((account) => account.status === "skipped");
  if (skipped.length === 0) return null;
  return element(
    "ul",
    { class: "plain" },
    skipped.map(({ id, reason: { code, message } }) =>
      element(
        "li",
        { "data-status": "INSUFFICIENT_DATA" },
        element("b", { class: "mark" }, STATUS_WORDS.INSUFFICIENT_DATA.mark),
        " ",
        accountView(id),
        " ",
        element("code", { class: "quiet" }, nameView(code)),
        " ",
        element("q", { lang: "en" }, nameView(message)),
      ),
    ),
  );
}
