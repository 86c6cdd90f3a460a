import { EN } from "./en.ts";
import type { ReportLanguage, ReportWords } from "./report-words.ts";

/** The words of a language. Those of Chinese are loaded on first use. */
export async function loadWords(language: ReportLanguage): Promise<ReportWords> {
  if (language === "en") return EN;
  const { ZH } = await import("./zh.ts");
  return ZH;
}
