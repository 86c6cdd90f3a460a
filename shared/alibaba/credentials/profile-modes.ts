/**
 * The supported modes of a profile: those of the aliyun command line except `RsaKeyPair`, which the
 * SDK does not read from a profile.
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
