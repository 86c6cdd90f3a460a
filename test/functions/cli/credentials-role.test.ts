import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import type { RoleSeed, World } from "../../emulator/world.ts";
import { runCli } from "../../harness/run-cli.ts";
import {
  MEANT,
  MEANT_KEY,
  ROLE_ARN,
  AK,
  OTHER_STS,
  MEANT_ENV,
  ROLE,
  audit,
  callerOf,
  assumptionsOf,
} from "../../harness/two-accounts.ts";

describe("a role", () => {
  const roles = { [ROLE_ARN]: { trusts: [MEANT_KEY.accessKeyId] } };
  const isAssumed = {
    accountId: MEANT,
    arn: expect.stringMatching(
      new RegExp(`^acs:ram::${MEANT}:assumed-role/auditor/flowlog-guard-[0-9a-f]{8}$`),
    ),
  };

  test("is assumed with the keys beside ALIBABA_CLOUD_ROLE_ARN", async () => {
    const env = { ...MEANT_ENV, ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN };
    const result = await audit({ env, roles, run: runCli });
    expect(callerOf(result)).toEqual(isAssumed);
    expect((JSON.parse(result.stdout) as Report).runId).toContain(
      String(callerOf(result)?.arn).slice(-8),
    );
  });

  test("is assumed with the token of a pod", async () => {
    const env = {
      ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN,
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: `acs:ram::${MEANT}:oidc-provider/ack`,
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: "~/token",
    };
    const files = { token: "pod-token-77\n" };
    const setting = { env, files, run: runCli };
    const trusting = { [ROLE_ARN]: { oidcToken: "pod-token-77" } };
    const profiles = { other: OTHER_STS };
    const result = await audit({ ...setting, profiles, current: "other", roles: trusting });
    expect(callerOf(result)).toEqual(isAssumed);
    const refused = await audit({ ...setting, roles: { [ROLE_ARN]: { oidcToken: "another" } } });
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain("(HTTP 400, AuthenticationFail.OIDCToken.Invalid)");
    expect(refused.stderr).not.toContain("pod-token-77");
  });

  test("is assumed with its profile's external id and session name", async () => {
    const prod = {
      ...AK,
      ...ROLE,
      external_id: "external-9",
      ram_session_name: "jane",
      expired_seconds: 1_800,
    };
    const trusting = { [ROLE_ARN]: { externalId: "external-9" } };
    const result = await audit({
      profiles: { prod },
      args: ["--profile", "prod"],
      roles: trusting,
      run: runCli,
    });
    expect(callerOf(result)?.arn).toBe(`acs:ram::${MEANT}:assumed-role/auditor/jane`);
    expect(assumptionsOf(result.requests)).toMatchObject([
      { form: { ExternalId: "external-9", DurationSeconds: "1800" } },
    ]);
  });

  test.each<[string, Readonly<Record<string, object>>]>([
    ["RamRoleArn", { prod: { ...AK, ...ROLE, external_id: "external-9" } }],
    [
      "ChainableRamRoleArn",
      {
        base: AK,
        prod: {
          mode: "ChainableRamRoleArn",
          ram_role_arn: ROLE_ARN,
          source_profile: "base",
          external_id: "external-9",
        },
      },
    ],
  ])(
    "of the mode %s is assumed with its external id, which no output has",
    async (_mode, profiles) => {
      const args = ["--profile", "prod", "--verbose"];
      const trusting = { [ROLE_ARN]: { externalId: "external-9" } };
      const result = await audit({ profiles, args, roles: trusting });
      expect(callerOf(result)).toEqual(isAssumed);
      expect(assumptionsOf(result.requests)).toMatchObject([
        { form: { ExternalId: "external-9" } },
      ]);
      expect(result.stdout + result.stderr).not.toContain("external-9");
      const refused = await audit({ profiles, args, roles: { [ROLE_ARN]: { externalId: "no" } } });
      expect(refused.exitCode).toBe(3);
      expect(refused.stderr).toContain(
        "or asks for another external id (external_id of the profile)",
      );
      expect(refused.stderr).not.toContain("external-9");
    },
  );

  test("is assumed with the credentials of its source profile, at any depth", async () => {
    const arns = ["one", "two", "three"].map((name) => `acs:ram::${MEANT}:role/${name}`);
    const result = await audit({
      profiles: {
        base: AK,
        one: { mode: "ChainableRamRoleArn", ram_role_arn: arns[0], source_profile: "base" },
        two: { mode: "ChainableRamRoleArn", ram_role_arn: arns[1], source_profile: "one" },
        three: { mode: "ChainableRamRoleArn", ram_role_arn: arns[2], source_profile: "two" },
      },
      args: ["--profile", "three"],
      roles: Object.fromEntries(arns.map((arn) => [arn, {}])),
    });
    expect(callerOf(result)?.arn).toContain(":assumed-role/three/");
    const signers = assumptionsOf(result.requests).map(({ accessKeyId }) => accessKeyId);
    expect(signers).toHaveLength(3);
    expect(signers[0]).toBe(MEANT_KEY.accessKeyId);
    expect(new Set(signers).size).toBe(3);
  });

  test.each<[string, Readonly<Record<string, RoleSeed>>, string]>([
    [
      "refused",
      { [ROLE_ARN]: { trusts: [] } },
      "(HTTP 403, NoPermission), which has three causes: the identity that assumes the role lacks sts:AssumeRole",
    ],
    [
      "refused for its external id",
      { [ROLE_ARN]: { externalId: "another" } },
      "or asks for an external id, and none was sent (external_id of the profile)",
    ],
    ["not there", {}, "There is no such role (HTTP 404, EntityNotExist.Role)"],
    ["expired on arrival", { [ROLE_ARN]: { lifetimeMs: -1_000 } }, "has already expired"],
  ])("that is %s is asked for once, and exit 3", async (_what, seeds, message) => {
    const env = { ...MEANT_ENV, ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN };
    const { exitCode, stderr, requests } = await audit({ env, roles: seeds });
    expect(stderr).toContain("The role of ALIBABA_CLOUD_ROLE_ARN cannot be used: ");
    expect(stderr).toContain(message);
    expect(exitCode).toBe(3);
    expect(requests.map(({ action }) => action)).toEqual(["AssumeRole"]);
  });

  test("that a profile names and that is refused is exit 3, and no other account is audited", async () => {
    const { exitCode, stderr, requests } = await audit({
      profiles: { prod: { ...AK, ...ROLE } },
      current: "prod",
      roles: { [ROLE_ARN]: { trusts: [] } },
      args: ["--verbose"],
      run: runCli,
    });
    expect({ exitCode, asked: requests.map(({ action }) => action) }).toEqual({
      exitCode: 3,
      asked: ["AssumeRole"],
    });
    expect(stderr).toContain("The profile prod, the current one in ");
    expect(stderr).not.toMatch(/https?:|Signature=/);
  });

  test.each<World["faults"]>([
    { AssumeRole: { kind: "throttled", times: 1 } },
    { AssumeRole: { kind: "json-500", times: 2 } },
    { AssumeRole: { kind: "reset", times: 1 } },
    { AssumeRole: { kind: "html-503", times: 3 } },
  ])("is asked for again after a transient failure: %j", async (faults) => {
    const env = { ...MEANT_ENV, ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN };
    expect(callerOf(await audit({ env, roles, faults }))).toEqual(isAssumed);
  });
});
