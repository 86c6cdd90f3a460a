import type { Texts } from "../audit/rule-card.ts";
import { shownText } from "./html/shown-text.ts";

const BEIJING_OFFSET_MS = 8 * 3_600_000;

/**
 * A time in UTC, for Chinese readers in their own time zone: China has one, and no daylight saving time. A
 * text that is no time stays as it is.
 */
export function timeTexts(iso: string): Texts {
  const timeMs = Date.parse(iso);
  if (Number.isNaN(timeMs)) return { en: shownText(iso), zh: shownText(iso) };
  const format = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  return { en: `${format(timeMs)} UTC`, zh: `${format(timeMs + BEIJING_OFFSET_MS)}（北京时间）` };
}
