import type { Finding } from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import type { RuleCard, Texts } from "../../audit/rule-card.ts";
import { type Content, element } from "./element.ts";
import { legendView, type MatrixNames, matrixView, tilesView } from "./matrix-view.ts";
import { matrixOf } from "./matrix.ts";
import { accounts } from "./report-words.ts";
import { titleOf } from "./rule-view.ts";
import { shownText } from "./shown-text.ts";
import type { AccountView } from "./subject-view.ts";

/** The rows of accounts that the page has at first; a button adds more. */
const FIRST_ACCOUNTS = 20;

/** The overview of a report. */
export interface Overview {
  readonly view: Content;
  /** Whether the report is of several accounts, so that each finding names its own. */
  readonly hasAccounts: boolean;
}

/**
 * What the audit says, by region: accounts × regions, of one account rules × regions, of one rule the
 * regions alone.
 */
export function overviewOf(
  report: Pick<Report, "findings" | "rules" | "scope">,
  cards: readonly RuleCard[],
  accountView: AccountView,
): Overview {
  const { findings, rules, scope } = report;
  const byAccount = matrixOf(findings, accountOf);
  const [only, ...others] = byAccount;
  if (only === undefined) return { view: null, hasAccounts: false };
  if (others.length > 0) {
    const names: MatrixNames = { head: ACCOUNT, nameOf: accountView };
    const shown = byAccount.slice(0, FIRST_ACCOUNTS);
    return {
      hasAccounts: true,
      view: [
        legendView(byAccount),
        matrixView(shown, scope.regions, names),
        shown.length === byAccount.length ? null : moreView(shown.length, byAccount.length),
      ],
    };
  }
  if (rules.length <= 1) return { view: tilesView(only), hasAccounts: false };
  const names: MatrixNames = {
    head: { en: "Rule", zh: "规则" },
    nameOf: (ruleId) => {
      const rule = rules.find(({ id }) => id === ruleId);
      if (rule === undefined) return shownText(ruleId);
      return titleOf(rule, cards.find(({ id }) => id === ruleId) ?? null);
    },
  };
  const rows = matrixOf(findings, ({ ruleId }) => ruleId);
  return { view: [legendView(rows), matrixView(rows, scope.regions, names)], hasAccounts: false };
}

export const ACCOUNT: Texts = { en: "Account", zh: "账号" };

export function accountOf({ accountId }: Finding): string {
  return accountId;
}

/** How many accounts the table has of all. */
function moreView(shown: number, all: number): Content {
  return element("p", { id: "more-accounts", class: "quiet" }, moreText(shown, all));
}

export function moreText(shown: number, all: number): Texts {
  const { en, zh } = accounts(all);
  return {
    en: `${shown} of ${en}, the worst first.`,
    zh: `显示 ${zh}中的 ${shown} 个，最严重的在前。`,
  };
}
