import { groupBy } from "../../audit/group-by.ts";
import { changeBlock } from "./change-block.ts";
import { accountList, changeList } from "./change-list.ts";
import type { Block } from "./draft.ts";
import type { Layout } from "./lay-out.ts";
import { isUnreadable, type Notice, NOTICE_KINDS } from "./notice.ts";
import { ACCOUNT_REFUSED, type SectionContext } from "./section-blocks.ts";
import type { Section } from "./sections.ts";

/** Minimum number of subjects in the same state that are written as one list. */
const LIST_FROM = 6;

/**
 * The notices, one by one where few of a kind are of one account. What an account as a whole is the
 * reason of is said once for all of its regions.
 */
export function noticeBlocks(
  sections: readonly Section[],
  { section, heading, alert, words }: SectionContext,
  layout: Layout,
): Block[] {
  const { rule } = section;
  const all = sections.flatMap(({ notices }) => notices);
  const groups = NOTICE_KINDS.flatMap((kind): NoticeGroup[] => {
    const ofKind = section.notices.filter((notice) => notice.kind === kind);
    const refused = ofKind.filter(isRefused);
    const ofAccounts = refused.length > 1 ? refused : [];
    const others = refused.length > 1 ? ofKind.filter((notice) => !isRefused(notice)) : ofKind;
    return [
      ...(layout.by === "account"
        ? [{ notices: others, maxNames: layout.maxNames }]
        : [...groupBy(others, ({ finding }) => finding.accountId).values()].map((notices) => ({
            notices,
            maxNames: null,
          }))),
      { notices: ofAccounts, maxNames: 0 },
    ].filter(({ notices }) => notices.length > 0);
  });
  const isInTitle = groups.length === 1 && all.length === section.notices.length;
  return groups.flatMap(({ notices, maxNames }): Block[] => {
    if (maxNames === 0 || (maxNames !== null && notices.length >= LIST_FROM)) {
      return accountList(notices, rule, alert, words, { isInTitle, heading, maxNames });
    }
    if (notices.length < LIST_FROM) {
      const options = { isInTitle: all.length === 1, heading };
      return notices.map((notice) => changeBlock(notice, rule, alert, words, options));
    }
    const withNames = layout.by === "subject" && layout.withNames;
    return changeList(notices, rule, alert, words, { isInTitle, heading, withNames });
  });
}

/** Notices of one kind. */
interface NoticeGroup {
  readonly notices: readonly Notice[];
  /** Of an account, where they are counted by account; null where they are not. */
  readonly maxNames: number | null;
}

/** Whether a notice says that nothing of its account could be read. */
function isRefused(notice: Notice): boolean {
  return isUnreadable(notice) && notice.finding.reason.code === ACCOUNT_REFUSED;
}
