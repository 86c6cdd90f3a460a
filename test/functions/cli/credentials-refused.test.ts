import { describe, expect, test } from "vitest";

import { runCli } from "../../harness/run-cli.ts";
import {
  MEANT,
  MEANT_KEY,
  ROLE_ARN,
  AK,
  OTHER_STS,
  OTHER_ENV,
  ROLE,
  type Setting,
  audit,
} from "../../harness/two-accounts.ts";

describe("chosen credentials that cannot be used exit 3, and no other account is queried", () => {
  const expired = Math.floor(Date.now() / 1_000) - 60;
  const loggedIn = expired + 3_600;
  const sso = {
    mode: "CloudSSO",
    cloud_sso_sign_in_url: "https://signin.example",
    cloud_sso_account_id: MEANT,
    cloud_sso_access_config: "ac-1",
    access_token: "sso-token",
    cloud_sso_access_token_expire: loggedIn,
  };

  test.each<[string, Setting, string]>([
    [
      "ALIBABA_CLOUD_PROFILE names no profile",
      { profiles: { dev: AK, ops: AK }, env: { ALIBABA_CLOUD_PROFILE: "prod" }, run: runCli },
      "The profile prod, chosen by ALIBABA_CLOUD_PROFILE, cannot be used: there is no such profile in",
    ],
    [
      "and the existing ones are named",
      { profiles: { dev: AK, ops: AK }, args: ["--profile", "prod"] },
      "Those there are: dev, ops.",
    ],
    [
      "there is no file of profiles",
      { args: ["--profile", "prod"] },
      "chosen by --profile, cannot be used: there is no ",
    ],
    ["--profile is empty", { args: ["--profile", ""] }, "--profile: is empty"],
    [
      "current names no profile",
      { profiles: { dev: AK }, current: "gone", run: runCli },
      "The profile gone, the current one in",
    ],
    [
      "its mode is not known",
      { profiles: { prod: { ...AK, mode: "RsaKeyPair" } }, current: "prod", run: runCli },
      "its mode RsaKeyPair is not known. Those known are AK, StsToken, RamRoleArn,",
    ],
    ["its mode is missing", { profiles: { prod: {} }, current: "prod" }, "its mode is missing"],
    [
      "it has no keys",
      { profiles: { prod: { ...AK, access_key_id: "" } }, current: "prod" },
      "access_key_id is missing or empty",
    ],
    [
      "config.json is broken",
      { profiles: `{\n "current": "prod",\n "profiles": [ { "name" "prod" } ]\n}`, run: runCli },
      "config.json is not JSON, see line 3",
    ],
    [
      "config.json is cut",
      {
        profiles: `{"current":"prod","profiles":[{"name":"prod","access_key_secret":"${MEANT_KEY.accessKeySecret}`,
      },
      "config.json is not JSON",
    ],
    [
      "config.json is of another shape",
      { profiles: `{"current":"prod","profiles":{}}` },
      "profiles is missing or of the wrong type",
    ],
    [
      "the CloudSSO log-in expired",
      {
        profiles: { prod: { ...sso, cloud_sso_access_token_expire: expired } },
        current: "prod",
        run: runCli,
      },
      ".000Z. Log in again: aliyun configure --profile prod",
    ],
    [
      "nobody is logged in at CloudSSO",
      { profiles: { prod: { ...sso, access_token: "" } }, current: "prod" },
      "nobody is logged in. Log in again: aliyun configure --profile prod",
    ],
    [
      "the OAuth log-in expired",
      {
        profiles: {
          prod: {
            mode: "OAuth",
            oauth_site_type: "CN",
            oauth_access_token: "t",
            oauth_refresh_token: "r",
            oauth_access_token_expire: expired,
          },
        },
        current: "prod",
        run: runCli,
      },
      ".000Z. Log in again: aliyun configure --profile prod",
    ],
    [
      "CloudSSO is asked in the clear",
      {
        profiles: { prod: { ...sso, cloud_sso_sign_in_url: "http://signin.example" } },
        current: "prod",
      },
      "cloud_sso_sign_in_url is not an https address",
    ],
    [
      "the credentials file is missing",
      { env: { ALIBABA_CLOUD_CREDENTIALS_FILE: "~/gone.ini" }, run: runCli },
      "of the file that ALIBABA_CLOUD_CREDENTIALS_FILE names cannot be used: there is no file",
    ],
    [
      "the credentials file has no such section",
      {
        files: { "keys.ini": "[ops]\ntype = access_key\n" },
        env: { ALIBABA_CLOUD_CREDENTIALS_FILE: "~/keys.ini" },
      },
      "Those there are: ops.",
    ],
    [
      "its sts_endpoint is an IPv6 address without brackets",
      {
        profiles: { prod: { ...AK, ...ROLE, sts_endpoint: "::1:8080" } },
        current: "prod",
        env: { FLOWLOG_GUARD_STS_ENDPOINT: "unset" },
      },
      "sts_endpoint is an IPv6 address without brackets: write [::1]",
    ],
    [
      "its credentials URI has an IPv6 address without brackets",
      {
        profiles: { prod: { mode: "CredentialsURI", credentials_uri: "http://::1/keys" } },
        current: "prod",
      },
      "the credentials URI is an IPv6 address without brackets: write [::1]",
    ],
    [
      "the profile is of the instance, and the metadata is switched off",
      { profiles: { prod: { mode: "EcsRamRole", ram_role_name: "r" } }, current: "prod" },
      "which ALIBABA_CLOUD_ECS_METADATA_DISABLED switches off",
    ],
    [
      "the source of a role is missing",
      {
        profiles: { prod: { ...ROLE, mode: "ChainableRamRoleArn", source_profile: "base" } },
        current: "prod",
      },
      "its source_profile base cannot be used: there is no such profile",
    ],
    [
      "the sources of a role go round",
      {
        profiles: {
          a: { ...ROLE, mode: "ChainableRamRoleArn", source_profile: "b" },
          b: { ...ROLE, mode: "ChainableRamRoleArn", source_profile: "a" },
        },
        current: "a",
      },
      "its source_profile leads back to itself: a -> b -> a.",
    ],
    [
      "the role is no ARN",
      { profiles: { prod: { ...AK, ...ROLE, ram_role_arn: "auditor" } }, current: "prod" },
      "the role is not an ARN",
    ],
    [
      "the session is too short",
      { profiles: { prod: { ...AK, ...ROLE, expired_seconds: 60 } }, current: "prod" },
      "expired_seconds is less than 900",
    ],
    [
      "the OIDC token is missing",
      {
        env: {
          ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN,
          ALIBABA_CLOUD_OIDC_PROVIDER_ARN: `acs:ram::${MEANT}:oidc-provider/ack`,
          ALIBABA_CLOUD_OIDC_TOKEN_FILE: "~/gone",
        },
        run: runCli,
      },
      "the file with the OIDC token",
    ],
    [
      "the OIDC set is incomplete",
      { env: { ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN } },
      "ALIBABA_CLOUD_ROLE_ARN cannot be used: for OIDC, ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE must be set too",
    ],
    [
      "half of the keys is set, in the other spelling",
      { env: { ALIBABACLOUD_ACCESS_KEY_ID: MEANT_KEY.accessKeyId } },
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set, or empty",
    ],
    [
      "a token is set without keys",
      { env: { ALIBABA_CLOUD_SECURITY_TOKEN: "t" } },
      "ALIBABA_CLOUD_SECURITY_TOKEN is set without the keys",
    ],
    [
      "keys and a profile are chosen",
      { profiles: { prod: AK }, env: { ...OTHER_ENV, ALIBABA_CLOUD_PROFILE: "prod" }, run: runCli },
      "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_PROFILE are both set",
    ],
    [
      "keys and OIDC are chosen",
      {
        env: {
          ...OTHER_ENV,
          ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN,
          ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "p",
          ALIBABA_CLOUD_OIDC_TOKEN_FILE: "~/token",
        },
        run: runCli,
      },
      "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_OIDC_TOKEN_FILE are both set",
    ],
    [
      "the two spellings differ",
      {
        profiles: { a: AK, b: OTHER_STS },
        env: { ALIBABA_CLOUD_PROFILE: "a", ALIBABACLOUD_PROFILE: "b" },
        run: runCli,
      },
      "ALIBABA_CLOUD_PROFILE and ALIBABACLOUD_PROFILE are both set, and differ",
    ],
  ])("%s", async (_what, setting, message) => {
    const { exitCode, stdout, stderr, requests } = await audit(setting);
    expect(stderr).toContain(message);
    expect({ exitCode, stdout, requests }).toEqual({ exitCode: 3, stdout: "", requests: [] });
  });
});
