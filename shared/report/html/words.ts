import type { Texts } from "../../audit/rule-card.ts";

export const LANGUAGE: Texts = { en: "Language", zh: "语言" };
export const COPY: Texts = { en: "Copy", zh: "复制" };
export const COPIED: Texts = { en: "Copied", zh: "已复制" };
/** Where the browser does not let a page copy. */
export const SELECTED: Texts = { en: "Selected: press Ctrl+C", zh: "已选中，请按 Ctrl+C" };
export const SAVE: Texts = { en: "Save the JSON", zh: "保存 JSON" };

export const DIGEST_OF: Texts = {
  en: "SHA-256 of the JSON in this page, in canonical form (RFC 8785):",
  zh: "本页所含 JSON（规范格式，RFC 8785）的 SHA-256：",
};

export const CHECK_DIGEST = {
  summary: { en: "How to check it", zh: "如何核对" },
  saved: (fileName: string): Texts => ({
    en: `Save the JSON with the button, and run: sha256sum ${fileName}`,
    zh: `用按钮保存 JSON，然后运行：sha256sum ${fileName}`,
  }),
  command: {
    en: "Or, without this page's script, run this with the name of the page's file in place of FILE:",
    zh: "或不使用本页脚本，将 FILE 换成本页的文件名后运行：",
  },
} as const;
