import CloudSsoProvider from "@alicloud/credentials/dist/src/providers/cloud_sso.js";
import OAuthProvider from "@alicloud/credentials/dist/src/providers/oauth.js";

import { CredentialsError } from "../../audit/run-error.ts";
import type { Credentials } from "../../service/credentials.ts";
import { parseEndpoint } from "../../http/endpoint.ts";
import { askChosenProvider, type ProviderSubject } from "./ask-provider.ts";
import type { KeyContext } from "./key-context.ts";
import { type Profile, shownName } from "./profiles.ts";
import { required, textOf } from "./terms.ts";

/** Milliseconds for the service that somebody is logged in at. */
const PROVIDER_TIMEOUT_MS = 10_000;

/**
 * Gives the keys of an access configuration of CloudSSO.
 *
 * @throws {@link CredentialsError} when nobody is logged in, or it issues no keys
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
  const signInUrl = required(profile, "cloud_sso_sign_in_url");
  if (!URL.canParse(signInUrl) || parseEndpoint(new URL(signInUrl).origin) === null) {
    throw new CredentialsError("cloud_sso_sign_in_url is not an https address.");
  }
  const accountId = required(profile, "cloud_sso_account_id");
  const accessConfig = required(profile, "cloud_sso_access_config");
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
      // The provider of 2.4.7 writes this body, and forgets to send it.
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
 * Gives the keys that OAuth issues to the user who is logged in. The access token is used and never
 * renewed: a renewal voids the refresh token in the file of the aliyun command line.
 *
 * @throws {@link CredentialsError} when nobody is logged in, or it issues no keys
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
  const site = (textOf(profile, "oauth_site_type") ?? "").toUpperCase();
  const signInUrl = Object.hasOwn(OAUTH_HOSTS, site) ? OAUTH_HOSTS[site] : undefined;
  if (signInUrl === undefined)
    throw new CredentialsError("oauth_site_type is neither CN nor INTL.");
  return askChosenProvider(
    () =>
      OAuthProvider.default
        .builder()
        // Said to the service only where a token is renewed.
        .withClientId("none")
        .withSignInUrl(signInUrl)
        .withAccessToken(token)
        .withAccessTokenExpire(expiresAt)
        .build(),
    logInSubject("OAuth", profile),
    transport,
  );
}

/** @throws {@link CredentialsError} when nobody is logged in */
function logInOf(
  profile: Profile,
  tokenField: string,
  expiryField: string,
  clock: () => Date,
): { readonly token: string; readonly expiresAt: number } {
  const token = textOf(profile, tokenField);
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
