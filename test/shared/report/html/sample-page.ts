import { digestView } from "../../../../shared/report/html/digest-view.ts";
import { element } from "../../../../shared/report/html/element.ts";
import { renderPage } from "../../../../shared/report/html/page.ts";
import { sha256Of } from "../../../../shared/report/report-digest.ts";

/** What a page must show as text. */
export const HOSTILE = String.raw`</script><script>alert(1)</script><!-- " \\u003c \u003c`;

const JSON_TEXT = JSON.stringify({ name: HOSTILE });

/** The digest of the JSON in the page. */
export const SAMPLE_SHA256 = sha256Of(JSON_TEXT);

/** A page with little on it. */
export const SAMPLE_PAGE = renderPage({
  title: { en: `Title ${HOSTILE}`, zh: "标题" },
  product: HOSTILE,
  main: [
    element("h1", {}, { en: "Heading", zh: "大标题" }),
    digestView({ id: "data", sha256: SAMPLE_SHA256, fileName: "data.json" }),
  ],
  margins: { top: HOSTILE, bottom: HOSTILE },
  data: { data: JSON_TEXT },
});
