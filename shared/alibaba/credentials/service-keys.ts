import { ECSRAMRoleCredentialsProvider, URICredentialsProvider } from "@alicloud/credentials";

import { CredentialsError } from "../../audit/run-error.ts";
import { problemOfIpv6 } from "../../http/endpoint.ts";
import type { Credentials } from "../../service/credentials.ts";
import { askChosenProvider } from "./ask-provider.ts";
import type { KeyContext } from "./key-context.ts";
import type { Variables } from "./variables.ts";

/** Milliseconds for the metadata service, if it was chosen. */
const METADATA_TIMEOUT_MS = 10_000;
/** Milliseconds for a credentials URI. The service is local, so it answers fast or not at all. */
const URI_TIMEOUT_MS = 4_000;

/**
 * Obtains the keys of the role of the ECS instance that this process runs on.
 *
 * @throws {@link CredentialsError} when the metadata service is disabled, or returns no keys
 */
export async function instanceKeys(
  roleName: string | undefined,
  { variables, transport }: KeyContext,
): Promise<Credentials> {
  if (variables.isTrue("ECS_METADATA_DISABLED")) {
    const name = variables.nameOf("ECS_METADATA_DISABLED");
    throw new CredentialsError(`it asks the ECS metadata service, which ${name} switches off.`);
  }
  return askChosenProvider(
    instanceProvider(roleName, variables),
    {
      name: METADATA_SERVICE,
      advice: "Attach a RAM role to the instance, or choose other credentials.",
      timeoutMs: METADATA_TIMEOUT_MS,
    },
    transport,
  );
}

export const METADATA_SERVICE = "the ECS metadata service (100.100.100.200)";

/** Returns a function that creates providers for the metadata service. */
export function instanceProvider(
  roleName: string | undefined,
  variables: Variables,
): () => ECSRAMRoleCredentialsProvider {
  const name = roleName ?? variables.get("ECS_METADATA");
  return () => {
    const builder = ECSRAMRoleCredentialsProvider.builder();
    if (name !== undefined) builder.withRoleName(name);
    return builder.withDisableIMDSv1(variables.isTrue("IMDSV1_DISABLED")).build();
  };
}

/**
 * Obtains the keys that a credentials URI returns.
 *
 * @throws {@link CredentialsError} when it is not a URL, or returns no keys
 */
export async function uriKeys(
  uri: string,
  { transport }: Pick<KeyContext, "transport">,
): Promise<Credentials> {
  if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol)) {
    const problem = problemOfIpv6(uri) ?? "is not an http or https address";
    throw new CredentialsError(`the credentials URI ${problem}.`);
  }
  return askChosenProvider(
    () => URICredentialsProvider.builder().withCredentialsURI(uri).build(),
    {
      name: "the service at the credentials URI",
      advice: "Look at that service, or choose other credentials.",
      timeoutMs: URI_TIMEOUT_MS,
    },
    transport,
  );
}
