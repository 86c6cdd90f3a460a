/**
 * The modes of a profile that can be used. Of the aliyun command line's own, `RsaKeyPair` is not among them:
 * the SDK does not read it from a profile.
 *
 * @see https://www.alibabacloud.com/help/en/cli/configure-credentials
 */
export const PROFILE_MODES = [
  "AK",
  "StsToken",
  "RamRoleArn",
  "ChainableRamRoleArn",
  "EcsRamRole",
  "RamRoleArnWithEcs",
  "OIDC",
  "CloudSSO",
  "OAuth",
  "External",
  "CredentialsURI",
] as const;

export type ProfileMode = (typeof PROFILE_MODES)[number];
