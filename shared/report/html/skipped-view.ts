import type { Report } from "../../audit/report.ts";
import { SKIPPED_ZH } from "../words/zh-skipped.ts";
import { type Content, element } from "./element.ts";
import { STATUS_WORDS } from "./report-words.ts";
import { type AccountView, nameView } from "./subject-view.ts";

/** A code that a newer function added is explained by the report alone. */
function messageView(code: string, message: string): Content {
  const zh = new Map(Object.entries(SKIPPED_ZH)).get(code);
  const own = element("q", { lang: "en" }, nameView(message));
  return zh === undefined
    ? own
    : [element("span", { lang: "en" }, own), element("span", { lang: "zh" }, zh)];
}

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
        messageView(code, message),
      ),
    ),
  );
}
