import { readFileSync } from "node:fs";

import { parse as parseHcl } from "@cdktn/hcl2json";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { runMain } from "../harness/run-main.ts";

const ROLE_ARN = "acs:ram::1234567890123456:role/flowlog-guard";
const EXTERNAL_ID = "external-id-7f3a";

function read(name: string): string {
  return readFileSync(new URL(`../../deploy/${name}`, import.meta.url), "utf8");
}

/** What `flowlog-guard policy --member` prints for all rules. */
let printed: { readonly policy: unknown; readonly trust: unknown };
beforeAll(async () => {
  const { stdout } = await runMain(["policy", "--member", "--rules", "all"], {
    ACCOUNT_ID: "1234567890123456",
    FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
    FLOWLOG_GUARD_EXTERNAL_ID: EXTERNAL_ID,
  });
  printed = JSON.parse(stdout);
});

/** A copy in which every value that `filledIn` knows is replaced. */
function fill(value: unknown, filledIn: (value: unknown) => unknown): unknown {
  const known = filledIn(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return value.map((entry: unknown) => fill(entry, filledIn));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, fill(entry, filledIn)]),
  );
}

describe("the template of the stack group", () => {
  const template = parse(read("member-role.ros.yaml"));
  const { Type, Properties } = template.Resources.Role;
  const given: Record<string, string> = {
    TrustedRoleArn: ROLE_ARN,
    ExternalId: EXTERNAL_ID,
    RoleName: template.Parameters.RoleName.Default,
  };
  const filled = Object(
    fill(Properties, (value) => {
      const { Ref }: { Ref?: string } = Object(value);
      return Ref === undefined ? undefined : given[Ref];
    }),
  );

  test("makes a role with the policies that policy --member prints for all rules", () => {
    expect(template.ROSTemplateFormatVersion).toBe("2015-09-01");
    expect(Type).toBe("ALIYUN::RAM::Role");
    expect(filled.AssumeRolePolicyDocument).toEqual(printed.trust);
    expect(filled.Policies).toEqual([
      { PolicyName: "flowlog-guard-audit", PolicyDocument: printed.policy },
    ]);
    expect(filled).toMatchObject({ RoleName: "flowlog-guard-audit", MaxSessionDuration: 3600 });
    expect(template.Outputs.Arn.Value).toEqual({ "Fn::GetAtt": ["Role", "Arn"] });
  });

  test("has only the properties of the resource", () => {
    // https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-ram-role
    const known = [
      "AssumeRolePolicyDocument",
      "DeletionForce",
      "Description",
      "IgnoreExisting",
      "MaxSessionDuration",
      "Policies",
      "PolicyAttachments",
      "RoleName",
    ];
    expect(known).toEqual(expect.arrayContaining(Object.keys(Properties)));
  });

  test("hides the external id, and takes only a role as the one that audits", () => {
    const { ExternalId, TrustedRoleArn, RoleName } = template.Parameters;
    expect(ExternalId).toMatchObject({ Type: "String", NoEcho: true });
    expect(ExternalId).not.toHaveProperty("Default");
    expect(TrustedRoleArn).not.toHaveProperty("Default");
    expect(ROLE_ARN).toMatch(new RegExp(TrustedRoleArn.AllowedPattern));
    expect("acs:ram::1234567890123456:root").not.toMatch(new RegExp(TrustedRoleArn.AllowedPattern));
    expect(RoleName.Default).toMatch(new RegExp(RoleName.AllowedPattern));
  });
});

describe("the Terraform configuration", () => {
  let terraform: ReturnType<typeof Object>;
  beforeAll(async () => {
    terraform = Object(await parseHcl("member-role.tf", read("member-role.tf")));
  });

  test("has the policies that policy --member prints for all rules", () => {
    const given: Record<string, string> = {
      "${var.trusted_role_arn}": ROLE_ARN,
      "${var.external_id}": EXTERNAL_ID,
    };
    const [locals] = terraform.locals;
    const valueOf = (value: unknown) => (typeof value === "string" ? given[value] : undefined);
    expect(fill(locals, valueOf)).toEqual(printed);
  });

  test("attaches the one to the role that has the other", () => {
    const { alicloud_ram_role, alicloud_ram_policy, alicloud_ram_role_policy_attachment } =
      terraform.resource;
    // Its arguments are those of aliyun/terraform-provider-alicloud, alicloud/resource_alicloud_ram_*.go.
    expect(alicloud_ram_role.flowlog_guard).toEqual([
      {
        role_name: "${var.role_name}",
        description: expect.any(String),
        max_session_duration: 3600,
        assume_role_policy_document: "${jsonencode(local.trust)}",
      },
    ]);
    expect(alicloud_ram_policy.flowlog_guard).toEqual([
      {
        policy_name: "${var.role_name}",
        description: expect.any(String),
        policy_document: "${jsonencode(local.policy)}",
        rotate_strategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded",
      },
    ]);
    expect(alicloud_ram_role_policy_attachment.flowlog_guard).toEqual([
      {
        role_name: "${alicloud_ram_role.flowlog_guard.role_name}",
        policy_name: "${alicloud_ram_policy.flowlog_guard.policy_name}",
        policy_type: "Custom",
      },
    ]);
  });

  test("hides the external id", () => {
    const [externalId] = terraform.variable.external_id;
    expect(externalId.sensitive).toBe(true);
    expect(externalId).not.toHaveProperty("default");
    // Terraform's regular expressions repeat at most 1000 times.
    expect(read("member-role.tf")).not.toMatch(/\{\d*,?\d{4,}\}/);
  });
});
