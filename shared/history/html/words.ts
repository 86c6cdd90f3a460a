import type { Texts } from "../../audit/rule-card.ts";
import { counted, STATUS_WORDS, type StatusWords } from "../../report/html/report-words.ts";
import type { DayStatus, GapReason } from "../history.ts";

/** How the status of a day looks without its colour, and its name. */
export const DAY_WORDS: Readonly<Record<DayStatus, StatusWords>> = {
  ...STATUS_WORDS,
  INSUFFICIENT_DATA: { mark: "?", name: { en: "not observed in full", zh: "未完整观测" } },
  NO_RUN: { mark: "·", name: { en: "no run", zh: "无检查" } },
};

export const GAP_NAMES: Readonly<Record<GapReason, Texts>> = {
  NO_RUN: { en: "no run", zh: "无检查" },
  UNREADABLE: { en: "could not be read", zh: "无法读取" },
  OUT_OF_SCOPE: { en: "not asked about", zh: "不在检查范围内" },
  EVIDENCE_UNUSABLE: { en: "kept, but not usable", zh: "证据不可用" },
};

/** In place of the status of a resource that is not there any more. */
export const GONE: StatusWords = { mark: "–", name: { en: "gone", zh: "已不存在" } };

export const days = (count: number): Texts => counted(count, "day", "days", "天");
export const runs = (count: number): Texts => counted(count, "run", "runs", "次检查");
