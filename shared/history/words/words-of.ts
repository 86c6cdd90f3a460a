import type { ReportLanguage } from "../../report/words/report-words.ts";
import { HISTORY_EN } from "./en.ts";
import type { HistoryWords } from "./history-words.ts";
import { HISTORY_ZH } from "./zh.ts";

/** The words of histories in each language. */
export const HISTORY_WORDS: Readonly<Record<ReportLanguage, HistoryWords>> = {
  en: HISTORY_EN,
  zh: HISTORY_ZH,
};
