import { describe, expect, test } from "vitest";

import { isCiVariable } from "../../../deploy/tool/dot-env.ts";

describe("isCiVariable", () => {
  test.each([
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "JENKINS_URL",
    "PIPELINE_ID",
    "CLOUDSHELL_HOME",
    "SERVERLESS_CD",
    "SERVERLESS_DEVS_CICD",
    "CICD_ENV",
  ])("accepts %s", (name) => {
    expect(isCiVariable(name)).toBe(true);
  });

  test.each(["CI", "MY_GITHUB", "SERVERLESS_CD_URL", "CICD_ENV_NAME", "ACCOUNT_ID", ""])(
    "rejects %j",
    (name) => {
      expect(isCiVariable(name)).toBe(false);
    },
  );
});
