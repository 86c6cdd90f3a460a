import type { Language } from "../../receiver-options.ts";
import type { Words } from "../words.ts";
import { EN } from "./en.ts";
import { ZH } from "./zh.ts";

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
