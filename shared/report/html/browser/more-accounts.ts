import type { Report } from "../../../audit/report.ts";
import { element } from "../element.ts";
import { rowView } from "../matrix-view.ts";
import { matrixOf } from "../matrix.ts";
import { accountOf, moreText } from "../overview.ts";
import type { AccountView } from "../subject-view.ts";
import { toNodes } from "./to-nodes.ts";

/** Rows that the button adds. */
const STEP = 100;

/** Puts a button below the matrix that adds more accounts, where it does not have all. */
export function showMoreAccounts(report: Report, accountView: AccountView): void {
  const note = document.querySelector("#more-accounts");
  const body = document.querySelector(".matrix tbody");
  if (note === null || body === null) return;
  const [button] = toNodes(
    element("button", { type: "button" }, { en: `Show ${STEP} more`, zh: `再显示 ${STEP} 个` }),
  );
  if (!(button instanceof HTMLElement)) return;
  note.after(button);
  button.addEventListener("click", () => {
    const rows = matrixOf(report.findings, accountOf);
    const next = rows.slice(body.childElementCount, body.childElementCount + STEP);
    body.append(...next.flatMap((row) => toNodes(rowView(row, report.scope.regions, accountView))));
    note.replaceChildren(...toNodes(moreText(body.childElementCount, rows.length)));
    button.hidden = body.childElementCount === rows.length;
  });
}
