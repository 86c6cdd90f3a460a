import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { ENV, useDeployProject, deployIn, DEPLOYED } from "./deploy-project.ts";
import { info, only, ABSENT, failureOf } from "./recorded-info.ts";
import { callsOf } from "./serverless-devs.ts";

const HOOK = "https://alerts.example.com/hook-path-5c21?token=hook-token-88fe";

const project = useDeployProject();

describe("a deployment that differs from what was reported", () => {
  const FAILED = {
    output: "✖ [flowlog-guard-audit] failed to [deploy]\nNoPermission\n",
    exitCode: 101,
  };

  test("where Serverless Devs fails on the second function, names what is deployed", async () => {
    const { exitCode, stdout, stderr } = await deployIn(project, {
      deploy: FAILED,
      info: only("flowlog-guard-check"),
      failures: ABSENT,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("NoPermission");
    expect(stderr).toBe(
      "deploy: s deploy failed (exit code 101): see what it says above. What is there now:\n" +
        "  - flowlog-guard-check: is there, as s.yaml says\n" +
        "  - flowlog-guard-audit: is not there\n",
    );
    expect(stdout).toContain("deploy: removed the logs that Serverless Devs wrote in this run");
    expect(existsSync(join(project.folder, ".s"))).toBe(false);
    expect(callsOf(project.binDir).at(-1)?.args).toEqual([
      "flowlog-guard-audit",
      "info",
      "--silent",
      // With "-o json" it would exit 0 and print nothing.
      "--output-format=json",
    ]);
  });

  test("where it fails on a trigger, names the function without it", async () => {
    const key = "flowlog-guard-check";
    const failures = { ...ABSENT, [key]: failureOf(key, "TriggerNotFound", 404) };
    const { stderr } = await deployIn(project, { deploy: FAILED, info: "", failures });
    expect(stderr).toContain(
      "  - flowlog-guard-check: is there, but a trigger of s.yaml is not\n" +
        "  - flowlog-guard-audit: is not there\n",
    );
  });

  test.each([
    [
      "in colours",
      (text: string) => text.replace("FunctionNotFound", "\u001b[31mFunctionNotFound"),
    ],
    [
      "without its settings",
      (text: string) => text.replace("FunctionNotFound", "AsyncConfigNotExists"),
    ],
  ])("the deployed state is read %s", async (_how, change) => {
    const failures = Object.fromEntries(
      Object.entries(ABSENT).map(([key, text]) => [key, change(text)]),
    );
    const { stderr } = await deployIn(project, { deploy: FAILED, info: "", failures });
    expect(stderr).toMatch(/is not there|is there, but its asyncInvokeConfig is not/);
    expect(stderr).not.toContain("nothing is known");
  });

  test.each<[string, string, string]>([
    ["may not read", failureOf("flowlog-guard-check", "AccessDenied", 403), "(AccessDenied)"],
    ["gets no reason", "Not found access: default", "(s info: exit code 101)"],
  ])(
    "where it fails, and reading back %s, nothing is reported as missing",
    async (_name, said, reason) => {
      const failures = { "flowlog-guard-check": said, "flowlog-guard-audit": said };
      const { exitCode, stderr } = await deployIn(project, { deploy: FAILED, info: "", failures });
      expect(exitCode).toBe(1);
      expect(stderr).toContain("s deploy failed (exit code 101)");
      expect(stderr).toContain(
        `  - flowlog-guard-check: cannot be read, so nothing is known of it ${reason}\n`,
      );
    },
  );

  test("where it exits 0, reports that nothing is deployed", async () => {
    const { exitCode, stderr } = await deployIn(project, {
      deploy: { output: "", exitCode: 0 },
      info: "",
      failures: ABSENT,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-check: is not there\n");
    expect(stderr).toContain("  - flowlog-guard-audit: is not there\n");
  });

  test("where it exits 0, reports what else is deployed, without a secret", async () => {
    const reported = info(({ "flowlog-guard-check": found }) => {
      found["timeout"] = 3;
      found["role"] = HOOK;
      found["environmentVariables"] = {
        FLOWLOG_GUARD_WEBHOOK_URL: "https://a.example/old-hook-path",
      };
    });
    const env = { ...ENV, FLOWLOG_GUARD_WEBHOOK_URL: HOOK };
    const { exitCode, stderr, output } = await deployIn(
      project,
      { deploy: DEPLOYED, info: reported },
      { env },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  - flowlog-guard-check: timeout is 3, and should be 120\n");
    expect(stderr).toContain("the variable FLOWLOG_GUARD_WEBHOOK_URL has another value");
    expect(output).not.toMatch(/hook-path|hook-token|whsec_/);
  });
});
