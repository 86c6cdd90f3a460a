import { readFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";

import { blockOf, MODULE, parseFiles, problemsOfModule, readFolder } from "./terraform-module.ts";

const FILES = readFolder(MODULE);

let blocks: Awaited<ReturnType<typeof parseFiles>>;
let settings: typeof blocks;
beforeAll(async () => {
  blocks = await parseFiles(FILES);
  settings = await parseFiles(readFolder(join(MODULE, "settings")));
});

function deployed(name: string): Record<string, Record<string, unknown>> {
  const text = readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  const { resources } = parseYaml(text);
  return Object.fromEntries(
    Object.entries(Object(resources)).map(([key, resource]) => [key, Object(resource).props]),
  );
}

describe("the arguments", () => {
  test("are those of the provider", () => {
    expect(problemsOfModule(blocks)).toEqual([]);
    expect(problemsOfModule(settings)).toEqual([]);
  });

  test.each([
    [
      "unknown",
      "main.tf",
      "memory_size          =",
      "memory             =",
      "memory: is no argument",
    ],
    ["missing", "main.tf", /\n\s+handler +=.*/, "", "handler: is missing"],
    ["read-only", "main.tf", "  disk_size ", "  code_size ", "code_size: is set by the provider"],
    ["deprecated", "main.tf", "  role_name ", "  name ", "name: is deprecated"],
    ["of a wrong type", "main.tf", /= 2\n/, '= "2"\n', "retry_attempts: is not of the type number"],
    ["in a block", "main.tf", "zip_file =", "zip =", "code.zip: is no argument"],
    ["of the wrong kind", "buckets.tf", "alicloud_oss_bucket_acl", "alicloud_acl", "no known type"],
    ["an attribute", "main.tf", "functions.arn", "functions.ram_arn", "ram_arn: is not there"],
    ["a variable", "main.tf", "var.schedule", "var.cron", "var.cron: is not there"],
    ["a local", "main.tf", "= local.audit_environment", "= local.env", "local.env: is not there"],
    [
      "a resource",
      "main.tf",
      "check.function_name\n",
      "chek.function_name\n",
      "chek.function_name",
    ],
  ])("are checked: %s", async (_, file, from, to, problem) => {
    const text = String(FILES[file]);
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    const problems = problemsOfModule(await parseFiles({ ...FILES, [file]: broken }));
    expect(problems.join("\n")).toContain(problem);
  });

  test.each(["basic", "organization"])(
    "of the example %s are variables of the module",
    async (name) => {
      const example = await parseFiles(readFolder(join(MODULE, "examples", name)));
      expect(problemsOfModule(example)).toEqual([]);
      const { source, ...given } = blockOf(example, "module", "flowlog_guard");
      expect(source).toBe("../..");
      const variables = Object(blocks["variable"]);
      expect(Object.keys(variables)).toEqual(expect.arrayContaining(Object.keys(given)));
      const needed = Object.keys(variables).filter(
        (key) => !("default" in blockOf(blocks, "variable", key)),
      );
      expect(Object.keys(given)).toEqual(expect.arrayContaining(needed));
      const { alicloud } = blockOf(blocks, "terraform", "0", "required_providers");
      expect(blockOf(example, "terraform", "0", "required_providers")).toEqual({ alicloud });
    },
  );
});

describe("what is deployed", () => {
  test.each([
    ["check", "flowlog-guard-check", "schedule"],
    ["audit", "flowlog-guard-audit", "http"],
  ])("is as in s.yaml: %s", (name, key, trigger) => {
    const { asyncInvokeConfig, triggers, ...props } = Object(deployed("s.yaml")[key]);
    expect(blockOf(blocks, "resource", "alicloud_fcv3_function", name)).toMatchObject({
      function_name: `\${var.name}-${name}`,
      description: props.description,
      runtime: props.runtime,
      handler: props.handler,
      disk_size: props.diskSize,
      instance_concurrency: props.instanceConcurrency,
    });
    expect(blockOf(blocks, "resource", "alicloud_fcv3_async_invoke_config", name)).toMatchObject({
      max_async_retry_attempts: asyncInvokeConfig.maxAsyncRetryAttempts,
      max_async_event_age_in_seconds: asyncInvokeConfig.maxAsyncEventAgeInSeconds,
    });
    const [{ triggerName, triggerType, qualifier, triggerConfig }] = triggers;
    const made = blockOf(blocks, "resource", "alicloud_fcv3_trigger", trigger);
    expect(made).toMatchObject({
      trigger_name: triggerName,
      trigger_type: triggerType,
      qualifier,
    });
    for (const [option, value] of Object.entries(Object(triggerConfig))) {
      const written = String(value) === "${vars.schedule}" ? "var.schedule" : JSON.stringify(value);
      expect(String(made["trigger_config"]).replaceAll(/\s/g, "")).toContain(
        `${option}=${written}`,
      );
    }
  });

  test("has the variables of s.yaml, the audit function no receiver", () => {
    const locals = Object.assign({}, ...[blocks["locals"]].flat());
    const own = Object.assign({}, ...[settings["locals"]].flat());
    const shared = [...Object.keys(own.scope_variables), ...Object.keys(locals.shared_secrets)];
    const check = [...Object.keys(own.check_variables), ...Object.keys(locals.check_secrets)];
    const { "flowlog-guard-check": ofCheck, "flowlog-guard-audit": ofAudit } = deployed("s.yaml");
    expect(shared.toSorted()).toEqual(
      Object.keys(Object(ofAudit?.["environmentVariables"])).toSorted(),
    );
    expect([...shared, ...check].toSorted()).toEqual(
      Object.keys(Object(ofCheck?.["environmentVariables"])).toSorted(),
    );
  });

  test("is updated by another zip, which is part of the plan", () => {
    const { code: check } = blockOf(blocks, "resource", "alicloud_fcv3_function", "check");
    const { code: audit } = blockOf(blocks, "resource", "alicloud_fcv3_function", "audit");
    expect(check).toEqual([{ zip_file: "${filebase64(var.check_zip)}" }]);
    expect(audit).toEqual([{ zip_file: "${filebase64(var.audit_zip)}" }]);
  });

  test("keeps the state without versions, and locks evidence only where that is asked for", () => {
    expect(Object(blocks["resource"])).not.toHaveProperty("alicloud_oss_bucket_versioning");
    expect(blockOf(blocks, "resource", "alicloud_oss_bucket", "state")).not.toHaveProperty(
      "versioning",
    );
    expect(blockOf(blocks, "resource", "alicloud_oss_bucket_worm", "evidence")).toMatchObject({
      count: expect.stringContaining("retention_days"),
      status: '${var.evidence.locked ? "Locked" : "InProgress"}',
    });
    for (const bucket of ["state", "evidence"]) {
      expect(blockOf(blocks, "resource", "alicloud_oss_bucket_acl", bucket)["acl"]).toBe("private");
      expect(
        blockOf(blocks, "resource", "alicloud_oss_bucket_public_access_block", bucket),
      ).toMatchObject({ block_public_access: true });
    }
  });
});

describe("the interface", () => {
  test("describes each variable and output, and hides the secrets", () => {
    for (const kind of ["variable", "output"]) {
      for (const name of Object.keys(Object(blocks[kind]))) {
        expect(blockOf(blocks, kind, name)["description"]).toMatch(/\.$/);
      }
    }
    const hidden = Object.keys(Object(blocks["variable"])).filter(
      (name) => blockOf(blocks, "variable", name)["sensitive"] === true,
    );
    expect(hidden).toEqual(
      expect.arrayContaining(["external_id", "webhook_url", "webhook_secret", "heartbeat_url"]),
    );
    const outputs = JSON.stringify(blocks["output"]);
    for (const name of hidden) expect(outputs).not.toContain(`var.${name}`);
    expect(outputs).not.toContain("environment");
  });

  test("is in the README, each variable and output", () => {
    const readme = readFileSync(join(MODULE, "README.md"), "utf8");
    const rows = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = ""]) => name);
    const names = [
      ...Object.keys(Object(blocks["variable"])),
      ...Object.keys(Object(blocks["output"])),
    ];
    expect(rows.toSorted()).toEqual(names.toSorted());
  });
});
