import { CredentialsError } from "../../audit/run-error.ts";
import type { Credentials } from "../../service/credentials.ts";
import type { Variables } from "./variables.ts";

/** The choice of credentials in flags and variables. */
export type Choice =
  | {
      readonly kind: "keys";
      readonly keys: Credentials;
      /** The role to assume with the keys; undefined to use the keys themselves. */
      readonly roleArn: string | undefined;
    }
  | {
      readonly kind: "oidc";
      readonly roleArn: string;
      readonly providerArn: string;
      readonly tokenFile: string;
    }
  | { readonly kind: "profile"; readonly name: string; readonly chosenBy: string }
  | {
      readonly kind: "credentials-file";
      readonly path: string;
      readonly section: string;
      readonly chosenBy: string;
    }
  /** No choice in flags and variables. There may be a current profile of the aliyun command line. */
  | { readonly kind: "none" };

const KEY_NAMES = ["ACCESS_KEY_ID", "ACCESS_KEY_SECRET"] as const;
const OIDC_NAMES = ["ROLE_ARN", "OIDC_PROVIDER_ARN", "OIDC_TOKEN_FILE"] as const;

/**
 * Determines which credentials the user chose: `--profile`, else keys, OIDC, a credentials file or a
 * profile in the environment, in this order.
 *
 * @param profile - value of `--profile`
 * @throws {@link CredentialsError} when choices contradict each other, or one is incomplete
 */
export function chooseCredentials(variables: Variables, profile: string | undefined): Choice {
  if (profile !== undefined) {
    if (profile !== "") return { kind: "profile", name: profile, chosenBy: "--profile" };
    throw new CredentialsError("--profile: is empty: name a profile of the aliyun command line.");
  }
  const keys = keysOf(variables);
  const oidc = oidcOf(variables);
  const others = (["PROFILE", "CREDENTIALS_FILE"] as const).filter((name) => variables.get(name));
  if (keys !== null) {
    assertNoOtherChoice(variables, oidc === null ? others : ["OIDC_TOKEN_FILE", ...others]);
    return { kind: "keys", keys, roleArn: variables.get("ROLE_ARN") };
  }
  if (oidc !== null) return oidc;
  assertNoUnusedRole(variables);
  const name = variables.get("PROFILE");
  const path = variables.get("CREDENTIALS_FILE");
  if (path !== undefined) {
    const chosenBy = variables.nameOf("CREDENTIALS_FILE");
    return { kind: "credentials-file", path, section: name ?? "default", chosenBy };
  }
  return name === undefined
    ? { kind: "none" }
    : { kind: "profile", name, chosenBy: variables.nameOf("PROFILE") };
}

/** @throws {@link CredentialsError} when a part is missing: falling back could use another account */
function keysOf(variables: Variables): Credentials | null {
  const [accessKeyId, accessKeySecret] = KEY_NAMES.map((name) => variables.get(name));
  const securityToken = variables.get("SECURITY_TOKEN");
  if (accessKeyId !== undefined && accessKeySecret !== undefined) {
    return { accessKeyId, accessKeySecret, securityToken };
  }
  const missing = KEY_NAMES.filter((name) => variables.get(name) === undefined);
  if (missing.length === 1) {
    throw new CredentialsError(
      `${variables.nameOf(String(missing[0]))} is not set, or empty, but the other half of the pair is: set both, or neither.`,
    );
  }
  if (securityToken === undefined) return null;
  throw new CredentialsError(
    `${variables.nameOf("SECURITY_TOKEN")} is set without the keys that it belongs to: set all three, or unset it.`,
  );
}

function oidcOf(variables: Variables): Extract<Choice, { kind: "oidc" }> | null {
  const [roleArn, providerArn, tokenFile] = OIDC_NAMES.map((name) => variables.get(name));
  if (roleArn === undefined || providerArn === undefined || tokenFile === undefined) return null;
  return { kind: "oidc", roleArn, providerArn, tokenFile };
}

/** @throws {@link CredentialsError} when the user chose something else in addition to the keys */
function assertNoOtherChoice(variables: Variables, others: readonly string[]): void {
  const [other] = others;
  if (other === undefined) return;
  throw new CredentialsError(
    `${variables.nameOf("ACCESS_KEY_ID")} and ${variables.nameOf(other)} are both set, and which of the two is meant cannot be told. Unset one, or say which profile with --profile.`,
  );
}

/** @throws {@link CredentialsError} when a role or an OIDC variable is set but cannot be used */
function assertNoUnusedRole(variables: Variables): void {
  const set = OIDC_NAMES.filter((name) => variables.get(name) !== undefined);
  const missing = OIDC_NAMES.filter((name) => variables.get(name) === undefined);
  if (set.length === 0) return;
  const names = (list: readonly string[]): string =>
    list.map((name) => variables.nameOf(name)).join(" and ");
  const keys = set.includes("ROLE_ARN") ? `, set ${names(KEY_NAMES)} to assume the role with` : "";
  throw new CredentialsError(
    `${names(set)} cannot be used: for OIDC, ${names(missing)} must be set too. Set what is missing${keys}, or unset ${names(set)}.`,
  );
}
