import type { Format } from "./format.ts";

/**
 * JUnit XML, for the test reports of Jenkins and GitLab: a test suite for each account, and a test for
 * each finding. It fails where something is not compliant, is an error where it could not be read, and
 * is skipped where it is exempt or not applicable.
 *
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export const junit = {
  contentType: "application/xml; charset=utf-8",
  extension: "xml",
  async render(report, options) {
    const { renderJunit } = await import("./junit/render-junit.ts");
    return renderJunit(report, options);
  },
} as const satisfies Format;
