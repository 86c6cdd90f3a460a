import CloudSsoProvider from "@alicloud/credentials/dist/src/providers/cloud_sso.js";
import OAuthProvider from "@alicloud/credentials/dist/src/providers/oauth.js";

import { CredentialsError } from "../../audit/run-error.ts";
import { parseEndpoint } from "../../http/endpoint.ts";
import type { Credentials } from "../../service/credentials.ts";
import { askChosenProvider, type ProviderSubject } from "./ask-provider.ts";
import type { KeyContext } from "./key-context.ts";
import { requiredField, textField } from "./profile-fields.ts";
import { type Profile, shownName } from "./profiles.ts";

/** Milliseconds for the service that issues the keys. */
const PROVIDER_TIMEOUT_MS = 10_000;

/**
 * Obtains the keys of an access configuration of CloudSSO.
 *
 * @throws {@link CredentialsError} when the user is not logged in, or no keys are issued
 */
export async function cloudSsoKeys(
  profile: Profile,
  { clock, transport }: KeyContext,
): Promise<Credentials> {
  const { token, expiresAt } = logInOf(
    profile,
    "access_token",
    "cloud_sso_access_token_expire",
    clock,
  );
  const signInUrl = requiredField(profile, "cloud_sso_sign_in_url");
  if (!URL.canParse(signInUrl) || parseEndpoint(new URL(signInUrl).origin) === null) {
    throw new CredentialsError("cloud_sso_sign_in_url is not an https address.");
  }
  const accountId = requiredField(profile, "cloud_sso_account_id");
  const accessConfig = requiredField(profile, "cloud_sso_access_config");
  return askChosenProvider(
    () =>
      CloudSsoProvider.default
        .builder()
        .withSignInUrl(signInUrl)
        .withAccountId(accountId)
        .withAccessConfig(accessConfig)
        .withAccessToken(token)
        .withAccessTokenExpire(expiresAt)
        .build(),
    {
      ...logInSubject("CloudSSO", profile),
      // The provider in 2.4.7 composes this body but does not send it.
      body: JSON.stringify({ AccountId: accountId, AccessConfigurationId: accessConfig }),
    },
    transport,
  );
}

const OAUTH_HOSTS: Readonly<Record<string, string>> = {
  CN: "https://oauth.aliyun.com",
  INTL: "https://oauth.alibabacloud.com",
};

/**
 * Obtains the keys that OAuth issues to the logged-in user. The access token is never renewed, because
 * a renewal invalidates the refresh token in the file of the aliyun command line.
 *
 * @throws {@link CredentialsError} when the user is not logged in, or no keys are issued
 */
export async function oauthKeys(
  profile: Profile,
  { clock, transport }: KeyContext,
): Promise<Credentials> {
  const { token, expiresAt } = logInOf(
    profile,
    "oauth_access_token",
    "oauth_access_token_expire",
    clock,
  );
  const site = (textField(profile, "oauth_site_type") ?? "").toUpperCase();
  const signInUrl = Object.hasOwn(OAUTH_HOSTS, site) ? OAUTH_HOSTS[site] : undefined;
  if (signInUrl === undefined)
    throw new CredentialsError("oauth_site_type is neither CN nor INTL.");
  return askChosenProvider(
    () =>
      OAuthProvider.default
        .builder()
        // Required by the builder. It is sent only when a token is renewed.
        .withClientId("none")
        .withSignInUrl(signInUrl)
        .withAccessToken(token)
        .withAccessTokenExpire(expiresAt)
        .build(),
    logInSubject("OAuth", profile),
    transport,
  );
}

/** @throws {@link CredentialsError} when the user is not logged in */
function logInOf(
  profile: Profile,
  tokenField: string,
  expiryField: string,
  clock: () => Date,
): { readonly token: string; readonly expiresAt: number } {
  const token = textField(profile, tokenField);
  const expiresAt = Number(profile[expiryField]);
  if (token !== undefined && expiresAt * 1_000 > clock().getTime()) return { token, expiresAt };
  const when = expiresAt > 0 ? ` on ${new Date(expiresAt * 1_000).toISOString()}` : "";
  throw new CredentialsError(
    token === undefined
      ? `nobody is logged in. ${logInAgain(profile)}`
      : `its log-in expired${when}. ${logInAgain(profile)}`,
  );
}

function logInAgain({ name }: Profile): string {
  return `Log in again: aliyun configure --profile ${shownName(name)}`;
}

function logInSubject(service: string, profile: Profile): ProviderSubject {
  return { name: service, advice: logInAgain(profile), timeoutMs: PROVIDER_TIMEOUT_MS };
}
