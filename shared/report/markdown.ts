import type { Format } from "./format.ts";

/** For a job summary of GitHub Actions: what needs attention first, within the size that GitHub shows. */
export const markdown = {
  contentType: "text/markdown; charset=utf-8",
  extension: "md",
  async render(report, options) {
    const { renderMarkdown } = await import("./markdown/render-markdown.ts");
    return renderMarkdown(report, options);
  },
  hasLanguages: true,
} as const satisfies Format;
