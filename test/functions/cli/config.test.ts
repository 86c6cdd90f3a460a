import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { runCli } from "../../harness/run-cli.ts";

describe("config of an organization", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "flowlog-guard-config-"));
    await writeFile(
      join(folder, "flowlog-guard.yaml"),
      'deadline: 30s\naccounts: [{ id: "1234567890123456", roleName: audit, externalId: "${OWN}" }]\n',
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  const env = {
    OWN: "own-id-5c21",
    FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
    FLOWLOG_GUARD_EXTERNAL_ID: "id-5c21",
  };

  test("is printed as a file has it, external ids masked, with a warning and exit code 0", async () => {
    const { exitCode, stdout, stderr } = await runCli(["config"], env, { cwd: folder });
    expect(exitCode).toBe(0);
    expect(parse(stdout)).toMatchObject({
      accounts: [{ id: "1234567890123456", roleName: "audit", externalId: "***" }],
      organization: {
        roleName: "flowlog-guard-audit",
        externalId: "***",
        accounts: ["*"],
        folders: [],
      },
      concurrency: 300,
    });
    expect(stderr).toBe(
      "flowlog-guard: organization: with deadline 30s, and concurrency 300, one run audits about 2400 accounts at most, because a role is assumed in each, at most 80 a second. Write a longer deadline.\n",
    );
    expect(stdout + stderr).not.toContain("5c21");
  });

  describe("in a project's folder", () => {
    let project = "";
    beforeAll(async () => {
      project = await mkdtemp(join(tmpdir(), "flowlog-guard-project-"));
    });
    afterAll(() => rm(project, { recursive: true }));

    const stderrOf = async (given: Readonly<Record<string, string>>) => {
      const { exitCode, stderr } = await runCli(["config"], given, { cwd: project });
      expect(exitCode).toBe(0);
      return stderr;
    };

    test("warns of functions that are too small, where other accounts are audited", async () => {
      await copyFile(new URL("../../../s.yaml", import.meta.url), join(project, "s.yaml"));
      expect(await stderrOf(env)).toBe(
        "flowlog-guard: s.yaml: flowlog-guard-check, flowlog-guard-audit: may be too small for organization: with 120 seconds, 0.25 vCPU and 256 MB, one run audits about 300 accounts at most, because more need 512 MB. Deploy s.organization.yaml, as docs/deploy.md says.\n",
      );
      expect(await stderrOf({})).toBe("");
    });

    test.each(["resources: [", "resources: { a: { props: { timeout: none } } }", "null"])(
      "leaves %j to the deployment",
      async (text) => {
        await writeFile(join(project, "s.yaml"), text);
        expect(await stderrOf(env)).toBe("");
      },
    );
  });

  test("-q prints no warning", async () => {
    const { exitCode, stderr } = await runCli(["config", "-q"], env, { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("a wrong one is an error, which repeats no external id", async () => {
    const wrong = { ...env, OWN: "own id 5c21" };
    const { exitCode, stdout, stderr } = await runCli(["config"], wrong, { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("accounts[0].externalId: is not an external id");
    expect(stderr).not.toContain("5c21");
  });
});
