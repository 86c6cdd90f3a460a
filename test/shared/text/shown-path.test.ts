import { describe, expect, test } from "vitest";

import { shownPath } from "../../../shared/text/shown-path.ts";

describe("shownPath", () => {
  test.each([
    "./flowlog-guard.yaml",
    "/home/ci/prod-2026/flowlog-guard.yaml",
    "/tmp/flowlog-guard-cli-AbC123/state.json",
    "config",
    "../a b/c.yml",
  ])("shows %s", (path) => expect(shownPath(path)).toBe(path));

  test.each([
    "https://hooks.example.com/x",
    "hooks.slack.com/services/T0/B0/abc",
    "open.feishu.cn/open-apis/bot/v2/hook/x",
    "oapi.dingtalk.com/robot/send?access_token=1",
    "MfKQ9r8GKYqrTwj/UPD8ILPZIo2LaLaSw",
    "CAIS8wF1q6Ft5B2yfSjIr5fS/z",
    "whsec_a.b",
    "STS.NUemulated",
    "Q1w2e3r4t5y6u7i8.x",
    "s3cret!",
    "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa/x",
  ])("replaces what is not a path: %s", (path) =>
    expect(shownPath(path)).toBe("(value not shown)"),
  );
});
