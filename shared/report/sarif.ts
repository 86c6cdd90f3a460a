import type { Format } from "./format.ts";

/**
 * SARIF 2.1.0 for code scanning: what is not compliant, compliant or exempt is a result, and what could not
 * be read is a notification of an execution that was not successful.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
 */
export const sarif = {
  contentType: "application/sarif+json; charset=utf-8",
  extension: "sarif",
  async render(report, options) {
    const { renderSarif } = await import("./sarif/render-sarif.ts");
    return renderSarif(report, options);
  },
} as const satisfies Format;
